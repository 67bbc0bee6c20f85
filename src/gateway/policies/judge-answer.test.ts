import { expect, test } from "vitest";
import { judgeBody } from "./judge-answer.ts";

const route = (change: Partial<Parameters<typeof judgeBody>[0]> = {}) =>
  ({ policy: "view", asksOthersOn404: false, isSigningInput: false, isDuty: true, ...change }) as const;
const json = "application/json; charset=utf-8";
const kind = (text: string, change: Partial<Parameters<typeof judgeBody>[0]> = {}, type: string | undefined = json) =>
  judgeBody(route(change), type, Buffer.from(text)).kind;

test("a duty's answer that is cut off, empty or of another form goes to the next node", () => {
  for (const text of ['{"data":[{"pubkey"', "", "null", "[]", "{}", '{"code":200}', '{"data":null}'])
    expect(kind(text)).toBe("next");
  expect(kind("Internal error", {}, "text/plain")).toBe("next");
  expect(kind('{"data":[]}')).toBe("good");
});

test("any other JSON that was received whole must be whole, and needs no data", () => {
  const read = { isDuty: false };
  expect([kind('{"data":1', read), kind("{}", read), kind("plain", read, "text/plain")]).toEqual([
    "next",
    "good",
    "good",
  ]);
});

test("large JSON is followed to its end", () => {
  const text = JSON.stringify({ data: ["x".repeat(70_000)] });
  expect([kind(text), kind(text.slice(0, -1))]).toEqual(["good", "next"]);
});

test("what validators sign over must not be optimistic, and SSZ must not be empty", () => {
  const optimistic = '{"execution_optimistic":true,"data":{}}';
  expect([kind(optimistic, { isSigningInput: true }), kind(optimistic)]).toEqual(["next", "good"]);
  expect([kind("", {}, "application/octet-stream"), kind("x", {}, "application/octet-stream")]).toEqual([
    "next",
    "good",
  ]);
});

test("what is passed on is not looked at", () => {
  expect(kind('{"data', { policy: "pass" })).toBe("good");
});
