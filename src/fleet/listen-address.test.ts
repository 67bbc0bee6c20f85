import { describe, expect, test } from "vitest";
import { formatListenAddress, listenAddressesOverlap, listensAt, parseListenAddress } from "./listen-address.ts";

describe("reading an address to listen on", () => {
  test.each(["127.0.0.1:7381", "0.0.0.0:1", "[::1]:7381", "[::]:65535", "localhost:0", "node-a.example.org:80"])(
    "%s is read and written back as it was",
    (text) => {
      const address = parseListenAddress(text);
      expect(address && formatListenAddress(address)).toBe(text);
    },
  );

  test.each([
    "7381",
    ":7381",
    "127.0.0.1",
    "127.0.0.300:80",
    "127.0.0.1:65536",
    "::1:80",
    "[zz]:80",
    "http://a:80",
    "a b:80",
    "-a:1",
    "",
  ])("%j is no address", (text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });
});

const address = (text: string) => parseListenAddress(text) ?? { host: "", port: -1 };

test.each([
  ["127.0.0.1:80", "127.0.0.1:80", true],
  ["127.0.0.1:80", "localhost:80", true],
  ["0.0.0.0:80", "10.0.0.1:80", true],
  ["[::]:80", "127.0.0.1:80", true],
  ["127.0.0.1:80", "127.0.0.2:80", false],
  ["127.0.0.1:80", "[::1]:80", false],
  ["127.0.0.1:80", "127.0.0.1:81", false],
  ["127.0.0.1:0", "127.0.0.1:0", false],
])("%s and %s cannot both be bound: %s", (a, b, overlap) => {
  expect(listenAddressesOverlap(address(a), address(b))).toBe(overlap);
  expect(listenAddressesOverlap(address(b), address(a))).toBe(overlap);
});

test.each([
  ["127.0.0.1:7381", "http://localhost:7381", true],
  ["0.0.0.0:7381", "http://127.0.0.1:7381/prefix", true],
  ["0.0.0.0:7381", "http://10.0.0.7:7381", false],
  ["[::1]:80", "http://[::1]/", true],
  ["127.0.0.1:7381", "http://127.0.0.1:5052", false],
])("listening on %s, the URL %s leads back here: %s", (listen, url, loops) => {
  expect(listensAt(address(listen), new URL(url))).toBe(loops);
});
