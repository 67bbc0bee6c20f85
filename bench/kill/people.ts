import { defaultGrouping } from "../../src/alerts/notice/types.ts";
import { rulesSchema } from "../../src/alerts/rule-config.ts";
import type { RespondSettings } from "../../src/respond/settings.ts";

const rules = rulesSchema.parse({
  groups: [
    {
      name: "bench",
      rules: [
        {
          ...{ alert: "GroupDown", expr: 'upstream_ready_count{group="*"} < 1' },
          labels: { severity: "critical", owner: "operations", class: "down" },
          annotations: { summary: "[{{ $labels.group }}] is down.", description: "…", playbook: "Look at its nodes." },
        },
      ],
    },
  ],
});

/**
 * Who is told of a group: its Slack channel, its Telegram chat and a webhook hear of it, Ann is paged by PagerDuty, and Bob by a
 * channel that refuses and goes to its fallback.
 */
export function settingsFor(groups: readonly string[]): RespondSettings {
  return {
    ...{ rules, inhibitRules: [], mutes: [], schedules: [] },
    grouping: { ...defaultGrouping, groupBy: ["group"], intervalMs: 0 },
    routes: groups.map((group) => ({
      ...{ matchers: [{ name: "group", op: "=", value: group }], policy: "bench", tellFrom: "warning" },
      tell: [
        { channel: "slack", address: `C-${group}` },
        { channel: "telegram", address: `T-${group}` },
        { channel: "hook", address: "" },
      ],
    })),
    people: [
      { name: "ann", timeZone: "UTC", contacts: [{ channel: "pagerduty", address: "" }] },
      { name: "bob", timeZone: "UTC", contacts: [{ channel: "refusing", address: "" }] },
    ],
    policies: [
      {
        name: "bench",
        steps: [{ afterMs: 0, notify: [{ person: "ann" }, { person: "bob" }] }],
        repeats: 0,
        repeatAfterMs: 86_400_000,
      },
    ],
    throttle: { burst: 1_000_000, refillMs: 1_000 },
    fallbacks: [{ channel: "hook", address: "" }],
    ...{ publicUrl: "https://bench.example", closeUntakenAfterMs: 0 },
  };
}
