import { expect, test } from "vitest";
import { importHaproxy } from "./import-haproxy.ts";

const file = `
global
    maxconn 4096            # has no counterpart
defaults
    mode http
    timeout server 10s

frontend validators
    bind *:5052
    default_backend beacon

backend beacon
    balance roundrobin
    option httpchk GET /eth/v1/node/health
    server lh1 10.0.0.1:5052 check inter 2s
    server "teku 1" [fd00::2]:5051 check backup   # the spare one
    server old 10.0.0.9:5051 disabled
    server sock unix@/run/x.sock

listen second
    bind ipv4@127.0.0.1:5053
    bind 127.0.0.1:5054
    server again 10.0.0.1:5052
    server tls nimbus.example.org ssl verify none

listen stats
    bind :8404
    stats enable

backend lonely
    server lh1 10.1.0.1:5052
`;

test("each frontend with its backend, each listen section and each unused backend becomes a group", () => {
  const { groups } = importHaproxy(file);
  expect(groups).toEqual([
    {
      name: "beacon",
      listen: "0.0.0.0:5052",
      members: [
        { node: "lh1", isBackup: false },
        { node: "teku-1", isBackup: true },
      ],
    },
    {
      name: "second",
      listen: "127.0.0.1:5053",
      members: [
        { node: "lh1", isBackup: false },
        { node: "tls", isBackup: false },
      ],
    },
    { name: "lonely", listen: "127.0.0.1:7381", members: [{ node: "lh1-lonely", isBackup: false }] },
  ]);
});

test("one machine becomes one node, TLS and missing ports are understood", () => {
  expect(importHaproxy(file).nodes.map(({ name, url }) => `${name} ${url}`)).toEqual([
    "lh1 http://10.0.0.1:5052",
    "teku-1 http://[fd00::2]:5051",
    "tls https://nimbus.example.org:5053",
    "lh1-lonely http://10.1.0.1:5052",
  ]);
});

test("what was left out is told with its line", () => {
  const notes = importHaproxy(file).notes.join("\n");
  expect(notes).toContain("Line 17: server old is disabled");
  expect(notes).toContain("Line 18: the address of server sock");
  expect(notes).toContain("only 127.0.0.1:5053 was taken over");
  expect(notes).toContain("balance, option httpchk, stats");
});

test("a frontend that leads nowhere is told, and text that is no HAProxy file gives no node", () => {
  expect(importHaproxy("frontend f\n  bind :1\n  default_backend gone\n").notes[0]).toContain(
    "frontend f leads to no backend",
  );
  expect(importHaproxy("server { listen 80; }").nodes).toEqual([]);
});
