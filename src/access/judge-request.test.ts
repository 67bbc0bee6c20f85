import fc from "fast-check";
import { expect, test } from "vitest";
import { allowedHosts, hostName, judgeRequest, type AccessPolicy, type RequestFacts } from "./judge-request.ts";

const token = "0123456789abcdef0123";
const policy: AccessPolicy = { token, readsNeedToken: false, hosts: allowedHosts("127.0.0.1"), allowAnyAddress: false };
const read: RequestFacts = {
  host: "127.0.0.1:7380",
  origin: undefined,
  secFetchSite: undefined,
  authorization: undefined,
  isMutating: false,
};
const write: RequestFacts = { ...read, isMutating: true, authorization: `Bearer ${token}` };

test("reads on loopback are free, changes need the token", () => {
  expect(judgeRequest(read, policy)).toBe("allowed");
  expect(judgeRequest(write, policy)).toBe("allowed");
  expect(judgeRequest({ ...write, authorization: undefined }, policy)).toBe("token-missing");
  expect(judgeRequest({ ...write, authorization: `Basic ${token}` }, policy)).toBe("token-missing");
  expect(judgeRequest({ ...write, authorization: `Bearer ${token}x` }, policy)).toBe("token-wrong");
});

test("behind a proxy the public address is known, its page may change things, and reads by it need a token", () => {
  const known = { ...policy, publicUrl: new URL("https://slotkeeper.example.org") };
  const host = "slotkeeper.example.org";
  const origin = "https://slotkeeper.example.org";
  expect(judgeRequest({ ...read, host }, policy)).toBe("host-unknown");
  expect(judgeRequest({ ...read, host }, known)).toBe("token-missing");
  expect(judgeRequest({ ...read, host, authorization: `Bearer ${token}` }, known)).toBe("allowed");
  expect(judgeRequest(read, known)).toBe("allowed");
  expect(judgeRequest({ ...write, host, origin }, known)).toBe("allowed");
  // The proxy sends the address that the server listens on.
  expect(judgeRequest({ ...write, origin }, known)).toBe("allowed");
  expect(judgeRequest({ ...write, origin }, policy)).toBe("origin-foreign");
  expect(judgeRequest({ ...write, host, origin: "https://evil.example" }, known)).toBe("origin-foreign");
  expect(judgeRequest({ ...write, host, origin: "http://slotkeeper.example.org:81" }, known)).toBe("origin-foreign");
});

test("beyond loopback reads need the token as well", () => {
  const open = { ...policy, readsNeedToken: true };
  expect(judgeRequest(read, open)).toBe("token-missing");
  expect(judgeRequest({ ...read, authorization: `Bearer ${token}` }, open)).toBe("allowed");
});

test.each([
  "evil.example",
  "127.0.0.1.evil.example:7380",
  "",
  undefined,
  "127.0.0.1:7380@evil",
  "localhost evil",
  "10.0.0.7",
])("a Host of %j is refused, even with the token: DNS rebinding", (host) => {
  expect(judgeRequest({ ...write, host }, policy)).toBe("host-unknown");
});

test("a server that listens on all addresses is known by any address, and by no foreign name", () => {
  const everywhere = { ...policy, allowAnyAddress: true };
  expect(judgeRequest({ ...read, host: "10.0.0.7:7380" }, everywhere)).toBe("allowed");
  expect(judgeRequest({ ...read, host: "[fd00::7]:7380" }, everywhere)).toBe("allowed");
  expect(judgeRequest({ ...read, host: "evil.example" }, everywhere)).toBe("host-unknown");
});

test("changes from other origins are refused, from the own page and from scripts not", () => {
  expect(judgeRequest({ ...write, origin: "http://127.0.0.1:7380", secFetchSite: "same-origin" }, policy)).toBe(
    "allowed",
  );
  expect(judgeRequest({ ...write, origin: "http://127.0.0.1:9999" }, policy)).toBe("origin-foreign");
  expect(judgeRequest({ ...write, origin: "https://evil.example" }, policy)).toBe("origin-foreign");
  expect(judgeRequest({ ...write, origin: "null" }, policy)).toBe("origin-foreign");
  expect(judgeRequest({ ...write, secFetchSite: "cross-site" }, policy)).toBe("origin-foreign");
});

test("no other token passes", () => {
  fc.assert(
    fc.property(fc.string(), (other) => {
      const verdict = judgeRequest({ ...write, authorization: `Bearer ${other}` }, policy);
      expect(verdict === "allowed").toBe(other.trim() === token);
    }),
  );
});

test("host names are read without port and case, and with brackets for IPv6", () => {
  expect(hostName("LocalHost:80")).toBe("localhost");
  expect(hostName("[::1]:7380")).toBe("::1");
  expect(hostName("::1")).toBeUndefined();
});
