import type { OnCallNow, OnCallPage } from "../../../src/api/contract-oncall.ts";
import type { RespondNow } from "../../../src/api/contract-respond.ts";
import { rowOf } from "./build-incident.ts";
import { createFakeIncidents, type FakeIncidents } from "./respond-incidents.ts";

/** Alarms, on-call and incidents of the fake API. It is silent about them until it is switched on. */
export interface FakeRespond {
  isOn: boolean;
  incidents: FakeIncidents;
  /** Laid over what follows from the incidents. */
  part: Partial<RespondNow>;
  /** What the stream tells; a new revision each time. */
  now(): RespondNow;
  answer(path: string, query: URLSearchParams): object | undefined;
  act(path: string, body: Record<string, unknown>): { done: string; reference?: string } | undefined;
}

const hour = 3_600_000;

export const onCallOf = (now: number): OnCallNow => ({
  ...{ schedule: "primary", timeZone: "Europe/Berlin", person: "alice", since: now - 5 * hour },
  ...{ until: now + 3 * hour, next: { person: "bob", fromAt: now + 3 * hour } },
});

const person = (name: string): OnCallPage["people"][number] => ({
  ...{ name, timeZone: "Europe/Berlin", contacts: [] },
  load: { onCallHours: 80, pages: 3, sleepPages: 1, sleepMinutes: 40 },
});

const onCallPage = (now: number): OnCallPage => ({
  ...{ at: now, fromAt: now, toAt: now + 14 * 24 * hour, now: [onCallOf(now)], shifts: [], gaps: [], overrides: [] },
  people: [person("alice"), person("bob")],
  policies: [{ name: "night", steps: [], repeats: 2, acknowledgeExpiryMs: undefined }],
  findings: [],
});

export function createFakeRespond(): FakeRespond {
  const incidents = createFakeIncidents();
  let revision = 0;
  const fake: FakeRespond = {
    isOn: false,
    incidents,
    part: {},
    now() {
      const at = Date.now();
      const open = incidents.incidents.filter(incidents.isOpen).map(rowOf);
      return {
        ...{ at, isAnybodyTold: true, firing: { critical: 0, warning: 0, info: 0 }, openIncidents: open },
        ...{ onCall: [onCallOf(at)], undelivered: 0, revision: ++revision },
        ...fake.part,
      };
    },
    answer: (path, query) => (path === "/oncall" ? onCallPage(Date.now()) : incidents.answer(path, query)),
    act: (path, body) => incidents.act(path, body),
  };
  return fake;
}
