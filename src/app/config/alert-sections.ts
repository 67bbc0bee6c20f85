import { z } from "zod";
import { defaultGrouping } from "../../alerts/notice/types.ts";
import { rulesSchema } from "../../alerts/rule-config.ts";
import { severities } from "../../alerts/severity.ts";
import { formatDuration } from "../../alerts/duration.ts";
import { secretSchema, textSchema, valueIssue } from "../../fleet/config-values.ts";
import {
  boundedDuration,
  contactSchema,
  instantSchema,
  matchersSchema,
  ownNameSchema,
  referenceSchema,
} from "./respond-values.ts";

/** What is an alarm, and who hears of it. */

const alertName = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: "must be the name of an alert" })
    .meta({ description, examples: ["FinalityLag"] });

function waitOf(severity: keyof typeof defaultGrouping.waitMs, what: string) {
  const fallback = formatDuration(defaultGrouping.waitMs[severity]).replace(/^0$/, "0s");
  return boundedDuration(`${what} alarms.`, fallback, ["0s", "1h"]).prefault(fallback);
}

const groupingSchema = z
  .strictObject({
    by: z
      .array(textSchema("A label, or `...` for each alert by itself.", "customer"))
      .min(1, { error: "needs at least one label" })
      .max(20, { error: "must not hold more than 20 labels" })
      .default([...defaultGrouping.groupBy])
      .meta({
        description: 'Alarms with the same values of these labels are told in one message. `["..."]`: each by itself.',
        examples: [["alertname", "group"]],
      }),
    wait: z
      .strictObject({
        critical: waitOf("critical", "Critical"),
        warning: waitOf("warning", "Warning"),
        info: waitOf("info", "Informing"),
      })
      .prefault({})
      .meta({ description: "How long the first message of a group waits for company." }),
    interval: boundedDuration(
      "Between messages of a group that tell something new. A worse alarm does not wait.",
      "5m",
      ["10s", "1d"],
    ).prefault("5m"),
    repeat: boundedDuration("Until a group that goes on unchanged is told again.", "4h", ["5m", "30d"]).prefault("4h"),
  })
  .prefault({})
  .meta({ description: "How alarms are told together." });

const routeSchema = z.strictObject({
  match: matchersSchema(
    "All must fit the labels that the alarms of a group share: `customer=lido`, `severity=~critical|warning`, `node!=bn1`, `customer=*` (any customer). Empty: every group.",
    ["customer=lido"],
  ).default([]),
  policy: referenceSchema(
    "Name of an escalation policy from `onCall.policies`: critical groups page by it. Left out: nobody is paged.",
    "default",
  ).exactOptional(),
  tell: z
    .array(contactSchema())
    .max(50, { error: "must not hold more than 50 places" })
    .default([])
    .meta({
      description: "Places of teams that are told, such as a Slack channel or a mail list.",
      examples: [[{ channel: "slack", address: "C0123456789" }]],
    }),
  tellFrom: z
    .enum(severities)
    .default("warning")
    .meta({ description: "Lowest severity that `tell` is told of.", examples: ["info"] }),
});

const inhibitSchema = z.strictObject({
  name: ownNameSchema("Unique name, shown where an alarm is held back.", "site-down"),
  source: matchersSchema("While an alarm that fits these fires …", ["alertname=HostSilent"]).min(1, {
    error: "needs at least one matcher",
  }),
  target: matchersSchema("… alarms that fit these are not told …", ["severity=~warning|info"]).min(1, {
    error: "needs at least one matcher: it would hold back everything",
  }),
  equal: z
    .array(textSchema("A label.", "host"))
    .default([])
    .meta({ description: "… where both have the same values of these labels.", examples: [["host"]] }),
});

const namesOf = (description: string, example: string) =>
  z
    .array(textSchema("A name.", example))
    .default([])
    .meta({ description, examples: [[example]] });

const maintenanceSchema = z
  .strictObject({
    name: ownNameSchema("Unique name of the window.", "rack-move"),
    hosts: namesOf("Machines that are worked on.", "host-a"),
    nodes: namesOf("Beacon nodes that are worked on.", "bn1"),
    groups: namesOf("Groups of nodes that are worked on.", "default"),
    from: instantSchema("Its beginning, with its offset from UTC.", "2026-12-01T22:00Z"),
    to: instantSchema("Its end, with its offset from UTC.", "2026-12-02T02:00Z"),
  })
  .superRefine(({ hosts, nodes, groups, from, to }, ctx) => {
    if (hosts.length + nodes.length + groups.length === 0)
      valueIssue(ctx, "missing-key", "names nothing that is worked on", "Add nodes: [NAME], hosts or groups.");
    else if (to <= from) valueIssue(ctx, "conflict", "ends before it begins", "Correct from or to.");
  });

const heartbeatSchema = z
  .strictObject({
    url: secretSchema("The whole address; it holds a token, so it is a secret. It gets a POST."),
    every: boundedDuration("How often.", "1m", ["10s", "1h"]).prefault("1m"),
  })
  .meta({
    description:
      "A dead-man heartbeat: a POST to a service that raises an alarm when it stops. It goes out only while Slotkeeper sees, judges and sends as it should, so that a dead or stuck Slotkeeper is noticed from outside.",
    examples: [{ url: { env: "HEARTBEAT_URL" }, every: "1m" }],
  });

export const alertsSchema = z
  .strictObject({
    rules: rulesSchema.exactOptional().meta({
      description:
        "Rules of your own beside those that ship, in the shape of Prometheus' rule files. To replace one that ships, put its name into `off`.",
    }),
    ruleFiles: z
      .array(textSchema("A YAML file with `groups:`. Relative to the configuration file's folder.", "rules/own.yaml"))
      .max(100, { error: "must not hold more than 100 files" })
      .default([])
      .meta({
        description: "Files with such rules; read again when they change.",
        examples: [["rules/own.yaml"]],
      }),
    off: z
      .array(alertName("Name of an alert that ships."))
      .default([])
      .meta({
        description: "Rules that ship and are switched off, all severities of the alert. The page *Alerts* lists them.",
        examples: [["FinalityLag"]],
      }),
    grouping: groupingSchema,
    routes: z
      .array(routeSchema)
      .max(500, { error: "must not hold more than 500 routes" })
      .default([])
      .meta({
        description:
          "Who hears of which alarms: the first route that fits is taken. Last comes a route for everything else: critical groups page by the first policy, and from `warning` up every channel that has a place of its own is told (`address`; PagerDuty and webhooks that are nobody's contact). To drop what is left, end with a route without `match`, `policy` and `tell`.",
        examples: [
          [{ match: ["customer=lido"], policy: "default", tell: [{ channel: "slack", address: "C0123456789" }] }],
        ],
      }),
    inhibit: z
      .array(inhibitSchema)
      .max(200, { error: "must not hold more than 200 rules" })
      .default([])
      .meta({
        description:
          "Alarms that make others needless, beside those that ship (a critical one holds back its warning).",
        examples: [
          [
            {
              name: "site-down",
              source: ["alertname=HostSilent"],
              target: ["severity=~warning|info"],
              equal: ["host"],
            },
          ],
        ],
      }),
    maintenance: z
      .array(maintenanceSchema)
      .max(500, { error: "must not hold more than 500 windows" })
      .default([])
      .meta({
        description: "Windows in which alarms about these things are not told.",
        examples: [[{ name: "rack-move", nodes: ["bn1"], from: "2026-12-01T22:00Z", to: "2026-12-02T02:00Z" }]],
      }),
    throttle: z
      .strictObject({
        burst: z
          .int({ error: "must be a whole number" })
          .min(1, { error: "must be 1 or more" })
          .max(1_000, { error: "must be at most 1000" })
          .default(3)
          .meta({ description: "Pages that a person gets at once.", examples: [3] }),
        refill: boundedDuration("After it one more page may follow.", "5m", ["10s", "1d"]).prefault("5m"),
      })
      .prefault({})
      .meta({ description: "How many pages a person gets; the others are told in one bundle. None is lost." }),
    fallbacks: z
      .array(contactSchema())
      .max(10, { error: "must not hold more than 10 places" })
      .default([])
      .meta({
        description: "Places that are tried when none of a person's own contacts takes a page.",
        examples: [[{ channel: "mail", address: "operations@example.org" }]],
      }),
    heartbeat: heartbeatSchema.exactOptional(),
    closeUntakenAfter: boundedDuration(
      "An incident that nobody took is closed so long after its alarms ended.",
      "30m",
      ["1m", "30d"],
    ).prefault("30m"),
  })
  .prefault({})
  .meta({
    description:
      "Alarms: rules and who hears of them. The rules that ship are on; without `channels` nobody is told. See [respond](../respond.md).",
  });

export type AlertsInput = z.output<typeof alertsSchema>;
