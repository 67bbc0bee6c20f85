import type { OnCallPage } from "../../../src/api/contract-oncall.ts";
import type { AlertsPage } from "../../../src/api/contract-respond.ts";
import { alertOf, episodeOf } from "./alerts-scene.ts";
import { usualOnCall } from "./on-call-scene.ts";

const text = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script> {{7*7}} \u202Egnp.exe %00`;
const word = "beacon-node-production-frankfurt-rack-17-unit-04-".repeat(6);

/** Everything that a sender of alerts can put into a string. */
export const hostileAlerts = (now: number): AlertsPage => ({
  at: now,
  alerts: [text, word, "constructor"].map((evil, index) =>
    alertOf(`${index} ${evil}`, now, {
      labels: { alertname: evil, [evil]: evil, __proto__: evil },
      ...{ summary: evil.repeat(3), description: evil, runbook: `javascript:window.pwned=1//${evil}`, playbook: evil },
      ...{ groupKey: evil, incident: evil, source: "generic" },
      suppressedBy: [{ kind: "silence", id: evil, reason: "__proto__" as never, until: now }],
    }),
  ),
  episodes: [text, word].map((evil) =>
    episodeOf(evil, now, {
      ...{ groupKey: evil, title: evil, incident: evil, labels: { [evil]: evil } },
      escalation: { kind: "acknowledged", policy: evil, by: evil, nextAt: undefined },
      told: [{ recipient: evil, channel: evil }],
    }),
  ),
  problems: [{ alert: text, reason: "constructor", count: 2 }],
});

/** Names from a configuration that somebody else wrote. */
export function hostileOnCall(now: number): OnCallPage {
  const usual = usualOnCall(now);
  const named = (name: string): string => (name === "alice" ? text : name === "bob" ? word : name);
  return {
    ...usual,
    now: usual.now.map((one) => ({ ...one, person: named(one.person ?? ""), timeZone: text })),
    shifts: usual.shifts.map((shift) => ({ ...shift, person: named(shift.person), by: text })),
    people: usual.people.map((person) => ({
      ...{ ...person, name: named(person.name), timeZone: text },
      contacts: person.contacts.map((contact) => ({ ...contact, channel: word, address: text })),
    })),
    policies: [{ name: word, steps: [{ afterMs: 0, notify: [text, word] }], repeats: 0, acknowledgeExpiryMs: 1 }],
    findings: [{ reason: "constructor" as never, subject: text, detail: word }],
  };
}
