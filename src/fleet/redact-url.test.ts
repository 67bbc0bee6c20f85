import { expect, test } from "vitest";
import { redactUrl } from "./redact-url.ts";

test.each([
  ["http://127.0.0.1:5052", "http://127.0.0.1:5052"],
  ["https://node.example.org/prefix", "https://node.example.org/prefix"],
  ["http://user:pw@127.0.0.1:5052/", "http://***@127.0.0.1:5052/"],
  ["https://node.example.org/?apikey=abc", "https://node.example.org/?***"],
  ["https://node.example.org/v1/0123456789abcdef0123456789abcdef", "https://node.example.org/v1/***"],
  ["user:pw@host:5052", "***@host:5052"],
  ["http://user:pw@:::", "http://***@:::"],
])("%s is shown as %s", (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});
