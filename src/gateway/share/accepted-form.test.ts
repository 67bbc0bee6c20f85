import { expect, test } from "vitest";
import { acceptedForm } from "./accepted-form.ts";

test.each([
  [undefined, "json"],
  ["*/*", "json"],
  ["application/json", "json"],
  ["application/octet-stream;q=1.0,application/json;q=0.9", "ssz"],
  ["application/json;q=0.5, application/octet-stream", "ssz"],
  ["application/octet-stream;q=0.4, application/json;q=0.5", "json"],
  ["application/octet-stream,application/json", "ssz"],
  ["application/json,application/octet-stream", "json"],
  ["application/octet-stream", "ssz-only"],
  ["application/octet-stream, application/json;q=0", "ssz-only"],
  ["application/octet-stream;q=0, */*", "json"],
  ["application/octet-stream, */*;q=0.1", "ssz"],
  ["APPLICATION/JSON; charset=utf-8", "json"],
  ["text/html, application/xhtml+xml, */*;q=0.8", "json"],
  ["application/json;q=oops", undefined],
  ["text/plain", undefined],
])("Accept %s means %s", (accept, form) => {
  expect(acceptedForm(accept)).toBe(form);
});
