import { expect, test } from "vitest";
import { emptyState } from "../../respond/rows.ts";
import { nothingUndelivered } from "./undelivered.ts";
import { whyNotWell } from "./why-not-well.ts";

const now = 1_700_000_000_000;
const well = {
  state: emptyState,
  lastJudgedAt: now,
  undelivered: nothingUndelivered,
  storeFailingSince: undefined,
  now,
};

test("the heartbeat stays away while rules are not judged, nothing can be stored, or a message waits", () => {
  expect(whyNotWell(well)).toBeUndefined();
  expect(whyNotWell({ ...well, lastJudgedAt: now - 31_000 })).toBe("alarms have not been judged for 31 s");
  expect(whyNotWell({ ...well, storeFailingSince: now - 31_000 })).toBe("nothing could be stored for 31 s");
  expect(whyNotWell({ ...well, storeFailingSince: now - 1_000 })).toBeUndefined();
  const undelivered = { byChannel: [], oldestAt: now - 301_000 };
  expect(whyNotWell({ ...well, undelivered })).toBe("a message has waited for 301 s");
});
