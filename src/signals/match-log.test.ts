import { expect, test } from "vitest";
import { logSignatures } from "./log-signatures.ts";
import { logLineTime } from "./log-time.ts";
import { matchLog } from "./match-log.ts";

const at = Date.UTC(2026, 10, 20, 13, 20, 1);

test.each([
  ["Nov 20 13:20:01.123 WARN Low peer count", at],
  ["Nov-20 13:20:01.123[chain]  \u001b[33m warn\u001b[39m: Low peer count", at],
  ["2026-11-20 13:20:01.123 | validator-async-1 | ERROR | x", at],
  ['time="2026-11-20 13:20:01" level=error msg="x" prefix=rpc', at],
  ["ERR 2026-11-20 13:20:01.123+00:00 x", at],
  ['{"level":"error","time":"2026-11-20T13:20:01.123Z"}', at],
  ["ERROR[11-20|13:20:01.123] BAD BLOCK", at],
  ["Nov 20 13:20:01 host geth[99]: x", at],
  ["    at Object.run (x.js:1:2)", undefined],
  ["2026-99-20 13:20:01 x", undefined],
])("time of %j", (line, expected) => {
  expect(logLineTime(line, 2026)).toBe(expected);
});

test("counts recent and older lines apart, by the log's own clock", () => {
  const reading = matchLog(
    [
      "2026-11-20 09:00:00 WARN Low peer count",
      "2026-11-20 13:00:00 WARN Low peer count",
      "2026-11-20 13:20:01 INFO ok",
    ],
    logSignatures,
    2026,
  );
  const lighthouse = reading.matches.find(({ signature }) => signature.id === "lighthouse-low-peers");
  expect(lighthouse).toMatchObject({ recentCount: 1, olderCount: 1 });
});

test("without times every line counts", () => {
  const reading = matchLog(["Low peer count", "something"], logSignatures, 2026);
  expect(reading.hasTimes).toBe(false);
  expect(reading.matches[0]?.recentCount).toBe(1);
});

test("counts errors that no signature explains, and strips what could harm a terminal", () => {
  const reading = matchLog(
    ["\u001b[31mERROR\u001b[0m odd\u0007 thing", "level=error x", "INFO no error: terror"],
    logSignatures,
    2026,
  );
  expect(reading.unexplainedErrors).toBe(2);
  expect(matchLog(["\u001b[31mERROR\u001b[0m odd\u0007 thing"], logSignatures, 2026).lastUnexplained).toBe(
    "ERROR odd  thing",
  );
});

test("a headline is explained by the causes below it, when every one of them is known", () => {
  const headline = "Nov-20 14:44:58.166[rest]  error: Req req-1 publishAggregateAndProofs error  Multiple errors";
  const end = ["Error: Multiple errors", "    at Object.publish (x.ts:1:1)", "Nov-20 14:45:01.002[] info: Synced"];
  const unexplained = (...causes: string[]) =>
    matchLog([headline, ...causes, ...end], logSignatures, 2026).unexplainedErrors;
  expect(unexplained("PublishError.Duplicate", "PublishError.Duplicate")).toBe(0);
  expect(unexplained("PublishError.Duplicate", "PublishError.InsufficientPeers")).toBe(1);
  expect(unexplained()).toBe(1);
});
