import { expect, test } from "vitest";
import { acknowledgeIncident } from "./acknowledge.ts";
import { resolveIncident } from "./resolve.ts";
import { doneBy, refusedBy, sampleIncident, startAt } from "./testing/sample-incident.ts";

test("the first one takes it; later ones are written down and change nothing", () => {
  const first = doneBy(acknowledgeIncident(sampleIncident(), { by: "ada" }, startAt + 5));
  expect(first.incident).toMatchObject({ status: "investigating", instants: { acknowledgedAt: startAt + 5 } });
  const second = doneBy(acknowledgeIncident(first.incident, { by: "ben" }, startAt + 9));
  expect(second.incident).toEqual(first.incident);
  expect(second.entries).toMatchObject([{ kind: "acknowledged", author: "ben", at: startAt + 9 }]);
});

test("a status that somebody set already stays", () => {
  const live = { ...sampleIncident(), status: "identified" as const };
  expect(doneBy(acknowledgeIncident(live, { by: "ada" }, startAt)).incident.status).toBe("identified");
});

test("what is over is not taken", () => {
  const { incident } = doneBy(resolveIncident(sampleIncident(), { by: "ada" }, startAt));
  expect(refusedBy(acknowledgeIncident(incident, { by: "ada" }, startAt))).toBe("incident-over");
});
