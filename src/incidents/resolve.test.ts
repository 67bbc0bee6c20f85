import { expect, test } from "vitest";
import { acknowledgeIncident } from "./acknowledge.ts";
import { revealContent } from "./content.ts";
import { declineIncident } from "./decline.ts";
import { resolveIncident } from "./resolve.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident, IncidentHold } from "./types.ts";

const by = "ada";
const resolve = (incident: Incident, summary?: string, author = by) =>
  resolveIncident(incident, { by: author, ...(summary !== undefined && { summary }) }, startAt + 7);
const held = (state: IncidentHold["state"]): Incident => ({
  ...sampleIncident({ summary: "from before" }),
  holds: [{ gateway: "gw", group: "g", state, detail: "", at: startAt }],
});

test("resolved with a summary, or with the one it has", () => {
  const { incident, entries } = doneBy(resolve(sampleIncident(), "disk replaced"));
  expect(incident).toMatchObject({ status: "resolved", instants: { resolvedAt: startAt + 7 } });
  expect(revealContent(incident, "verb").summary).toBe("disk replaced");
  expect(textsOf(entries)).toEqual(["resolved: Resolved: disk replaced"]);
  const kept = doneBy(resolve(sampleIncident({ summary: "from before" }))).incident;
  expect(revealContent(kept, "verb").summary).toBe("from before");
  expect(refusedBy(resolve(incident, "again"))).toBe("incident-over");
});

test("a slashing is resolved by a person who writes why, and by nobody else", () => {
  const slashing = sampleIncident({ type: "slashing", summary: "from before" });
  expect(refusedBy(resolve(slashing))).toBe("summary-needed");
  expect(refusedBy(resolve(slashing, " "))).toBe("summary-needed");
  expect(refusedBy(resolve(slashing, "alerts ended", "slotkeeper"))).toBe("person-needed");
  expect(doneBy(resolve(slashing, "two signers; one is gone")).incident.status).toBe("resolved");
});

test.each([
  ["done", "summary-needed"],
  ["wanted", "summary-needed"],
  ["failed", undefined],
  ["released", undefined],
] as const)("a group whose hold is %s: %s", (state, reason) => {
  const result = resolve(held(state));
  expect(result.kind === "refused" ? result.reason : undefined).toBe(reason);
  expect(resolve(held(state), "why it is safe").kind).toBe("done");
});

test("what nobody took is declined with a reason, by a person", () => {
  const decline = (incident: Incident, reason: string, author = by) =>
    declineIncident(incident, { reason, by: author }, startAt + 7);
  const { incident, entries } = doneBy(decline(sampleIncident(), "a test"));
  expect(incident.status).toBe("declined");
  expect(incident.instants.resolvedAt).toBeUndefined();
  expect(textsOf(entries)).toEqual(["status: Declined: a test"]);
  expect(refusedBy(decline(incident, "again"))).toBe("incident-over");
  expect(refusedBy(decline(sampleIncident(), ""))).toBe("text-missing");
  expect(refusedBy(decline(sampleIncident(), "quiet", "slotkeeper"))).toBe("person-needed");
  const taken = doneBy(acknowledgeIncident(sampleIncident(), { by }, startAt)).incident;
  expect(refusedBy(decline(taken, "a test"))).toBe("decline-too-late");
});
