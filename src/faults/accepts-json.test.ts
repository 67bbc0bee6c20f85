import { expect, test } from "vitest";
import { acceptsJson } from "./accepts-json.ts";

test.each([
  [undefined, true],
  ["", true],
  ["application/json", true],
  ["Application/JSON; charset=utf-8", true],
  ["application/octet-stream;q=1.0,application/json;q=0.9", true],
  ["*/*", true],
  ["application/*;q=0.1", true],
  ["application/octet-stream", false],
  ["application/json;q=0, */*", false],
  ["text/event-stream", false],
])("Accept: %s", (accept, expected) => {
  expect(acceptsJson(accept)).toBe(expected);
});
