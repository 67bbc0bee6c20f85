import { expect, test } from "vitest";
import { logSignatures } from "./log-signatures.ts";
import { matchLog } from "./match-log.ts";

test("every signature has an id of its own, texts, and plain words", () => {
  expect(new Set(logSignatures.map(({ id }) => id)).size).toBe(logSignatures.length);
  for (const { texts, means, todo } of logSignatures) {
    expect(texts.every((text) => text.length > 5)).toBe(true);
    expect(means.endsWith(".") && todo.length > 10).toBe(true);
  }
});

test.each([
  [
    "Nov 20 13:20:01.000 CRIT Doppelganger(s) detected           doppelganger_indices: [1]",
    "lighthouse-doppelganger",
    "bad",
  ],
  ['level=error msg="Could not connect to execution endpoint" error="dial tcp"', "prysm-el", "warning"],
  ["13:20:01.000 WARN  - Execution Client request timed out. Check the same JWT secret", "teku-el", "warning"],
  [
    'WRN 2026-11-20 13:20:01+00:00 Peer count low, no new peers discovered topics="networking"',
    "nimbus-low-peers",
    "warning",
  ],
  ["Nov-20 13:20:01.000[] \u001b[33mwarn\u001b[39m: Low peer count peers=1", "lodestar-low-peers", "warning"],
  [
    "WARN [11-20|13:20:01.000] Post-merge network, but no beacon client seen. Please launch one",
    "geth-no-cl",
    "warning",
  ],
  ["2026-11-20 13:20:01 Error: ENOSPC: no space left", "host-no-space", "bad"],
])("knows %j", (line, id, severity) => {
  const found = matchLog([line], logSignatures, 2026).matches.map(({ signature }) => signature);
  expect(found.map((each) => each.id)).toContain(id);
  expect(found.find((each) => each.id === id)?.severity).toBe(severity);
});
