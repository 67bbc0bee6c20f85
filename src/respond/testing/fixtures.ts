import { readGenericAlerts } from "../../alerts/inbound/read-generic.ts";
import type { InboundAlert } from "../../alerts/inbound/types.ts";
import { defaultGrouping } from "../../alerts/notice/types.ts";
import type { EscalationPolicy } from "../../oncall/escalation.ts";
import type { Draft, RespondContext } from "../draft.ts";
import { emptyState, stateOfRows } from "../rows.ts";
import type { RespondSettings } from "../settings.ts";
import { respondStep, type Step, type StepInput } from "../step.ts";
import type { RespondRow, RespondState } from "../types.ts";

export const startAt = Date.parse("2026-11-26T14:00:00Z");

export const policy: EscalationPolicy = {
  name: "primary",
  steps: [
    { afterMs: 0, notify: [{ person: "ann" }] },
    { afterMs: 300_000, notify: [{ person: "bob" }] },
  ],
  repeats: 0,
};

/** Ann, then Bob; the team's channel hears warnings and worse. */
export const settings: RespondSettings = {
  ...{ rules: [], grouping: defaultGrouping, inhibitRules: [], mutes: [] },
  routes: [{ matchers: [], policy: "primary", tell: [{ channel: "slack", address: "C1" }], tellFrom: "warning" }],
  people: [
    {
      ...{ name: "ann", timeZone: "Europe/Berlin" },
      contacts: [
        { channel: "telegram", address: "1" },
        { channel: "email", address: "ann@example.org" },
      ],
    },
    { name: "bob", timeZone: "UTC", contacts: [{ channel: "email", address: "bob@example.org" }] },
  ],
  ...{ schedules: [], policies: [policy] },
  throttle: { burst: 5, refillMs: 60_000 },
  ...{ fallbacks: [{ channel: "hook", address: "" }], publicUrl: "https://slotkeeper.example" },
  closeUntakenAfterMs: 1_800_000,
};

/** Steps one after the other, each from the stored rows as after a restart; instants are ms after `startAt`. */
export function createRun(changes: Partial<RespondSettings> = {}, gateways: RespondContext["gateways"] = []) {
  let state: RespondState = emptyState;
  const rows = new Map<string, RespondRow>();
  const run = {
    settings: { ...settings, ...changes },
    gateways,
    state: () => state,
    step(atMs: number, input: StepInput = {}, act?: (draft: Draft, context: RespondContext) => void): Step {
      const context: RespondContext = {
        ...{ settings: run.settings, now: startAt + atMs, gateways: run.gateways, listeningSince: startAt },
        linkTo: ({ kind, id }, person) => `https://slotkeeper.example/acknowledge/${kind}-${id}-${person}`,
      };
      const step = respondStep(state, input, context, act);
      for (const { kind, key } of step.commit.remove) rows.delete(`${kind} ${key}`);
      for (const row of step.commit.put) rows.set(`${row.kind} ${row.key}`, row);
      const open = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, row]) => (row.isOpen ? row : []));
      state = stateOfRows(open);
      return step;
    },
  };
  return run;
}

/** An alert from elsewhere. */
export function inbound(
  title: string,
  changes: { severity?: string; status?: string; labels?: Record<string, string> } = {},
  atMs = 0,
): InboundAlert[] {
  const { severity = "critical", status = "firing", labels = {} } = changes;
  return readGenericAlerts(JSON.stringify({ title, severity, status, labels, id: title }), startAt + atMs);
}

/** "page telegram ann: title" */
export function said({ commit }: Step): string[] {
  return commit.messages.map(({ kind, channel, recipient, body }) => `${kind} ${channel} ${recipient}: ${body.title}`);
}
