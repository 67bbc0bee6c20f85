import { describe, expect, test } from "vitest";
import { importVcFlags } from "./import-vc-flags.ts";

const urls = (text: string) => importVcFlags(text).nodes.map(({ url }) => url);

describe("flags of every validator client", () => {
  test.each([
    ["Lighthouse", "lighthouse vc --beacon-nodes http://a:5052,http://b:5052 --http --graffiti x"],
    ["Lighthouse, with =", "--beacon-nodes=http://a:5052,http://b:5052"],
    ["Lodestar", "lodestar validator --beaconNodes http://a:5052 http://b:5052 --network hoodi"],
    ["Lodestar, old flag", "--server http://a:5052 --server http://b:5052"],
    ["Teku", '--beacon-node-api-endpoints="http://a:5052,http://b:5052" --network=hoodi'],
    ["Nimbus", "--beacon-node=http://a:5052/ --beacon-node=http://b:5052 --data-dir=x"],
    ["Nimbus with roles", "--beacon-node=http://a:5052/#roles=attestation --beacon-node=http://b:5052"],
    ["Prysm", "--enable-beacon-rest-api --beacon-rest-api-provider=http://a:5052,http://b:5052"],
    ["Vero", "--beacon-node-urls=http://a:5052,http://b:5052 --fee-recipient 0x0"],
    [
      "a shell script with continued lines",
      "lighthouse vc \\\n  --network hoodi \\\n  --beacon-nodes http://a:5052,http://b:5052 \\\n  --http\n",
    ],
    ["a Compose list", 'command: ["vc", "--beacon-nodes", "http://a:5052,http://b:5052", "--http"]'],
    [
      "a Compose block",
      "command:\n  - --beacon-nodes=http://a:5052\n  - --beacon-nodes=http://b:5052\n  - --http\nports:\n  - 5062:5062\n",
    ],
    ["Vouch YAML", "beacon-node-addresses:\n  - a:5052\n  - http://b:5052\ntimeout: 2s\n"],
    [
      "Vouch strategies",
      "beacon-node-address: a:5052\nstrategies:\n  attestationdata:\n    style: best\n    beacon-node-addresses: [a:5052, b:5052]\n",
    ],
    ["Teku YAML", 'network: hoodi\nbeacon-node-api-endpoint: "http://a:5052,http://b:5052"\nmetrics-port: 8008\n'],
    ["Lodestar YAML", "beaconNodes:\n  - http://a:5052 # first\n  - http://b:5052\nmetrics: true\n"],
    ["Prysm YAML", "beacon-rest-api-provider: http://a:5052,http://b:5052\n"],
    ["Nimbus TOML", 'beacon-node = ["http://a:5052", "http://b:5052"]\nmetrics-port = 8008\n'],
  ])("%s", (_client, text) => {
    expect(urls(text)).toEqual(["http://a:5052", "http://b:5052"]);
  });
});

test("a login in a URL becomes a header from the environment and is shown nowhere", () => {
  const draft = importVcFlags("--beacon-nodes=http://user:hunter2@a:5052");
  expect(draft.nodes).toEqual([
    { name: "bn1", url: "http://a:5052", secretHeaders: { Authorization: "BN1_AUTHORIZATION" } },
  ]);
  expect(JSON.stringify(draft)).not.toContain("hunter2");
});

test("what cannot be read is told: variables, gRPC, nothing at all", () => {
  expect(importVcFlags("--beacon-nodes $BN").notes[0]).toContain("variable $BN");
  expect(importVcFlags("--beacon-rpc-provider=a:4000").notes[0]).toContain("gRPC");
  expect(importVcFlags("# --beacon-nodes http://a:1").notes[0]).toContain("No beacon node was found");
});
