import { expect, test } from "vitest";
import { checkBaseUrl, normalizeBaseUrl } from "./url-check.ts";

test.each(["http://127.0.0.1:5052", "https://node.example.org/prefix/", "http://[::1]:5052", "HTTP://Node:80"])(
  "%s is a base URL",
  (url) => {
    expect(checkBaseUrl(url)).toBeUndefined();
  },
);

test.each([
  ["127.0.0.1:5052", "bad-url", "Write http://127.0.0.1:5052."],
  ["localhost:5052", "bad-url", "Write http://localhost:5052."],
  ["http:/127.0.0.1:5052", "bad-url", "Write http://127.0.0.1:5052."],
  ["ws://127.0.0.1:5052", "bad-url", "http:// or https://"],
  ["http://", "bad-url", "http://127.0.0.1:5052"],
  ["http://a b:1", "bad-url", "without spaces"],
  ["http://a:99999", "bad-url", "HOST:PORT"],
  ["http://a:1/?key=x", "bad-url", "path prefix"],
  ["http://a:1/eth/v1/node/health", "bad-url", "Write http://a:1"],
  ["http://a:1/pre/eth", "bad-url", "Write http://a:1/pre"],
  ["http://user:hunter2@a:1", "url-with-credentials", "headers: { Authorization: { env: NAME } }"],
])("%s is refused as %s, saying: %s", (url, code, fix) => {
  const problem = checkBaseUrl(url);
  expect(problem?.code).toBe(code);
  expect(problem?.fix).toContain(fix);
  expect(JSON.stringify(problem)).not.toContain("hunter2");
});

test("one machine has one spelling", () => {
  const spellings = ["http://Node:80/", "http://node", "HTTP://NODE:80//"];
  expect(new Set(spellings.map(normalizeBaseUrl))).toEqual(new Set(["http://node"]));
  expect(normalizeBaseUrl("https://node:8443/a/")).toBe("https://node:8443/a");
});
