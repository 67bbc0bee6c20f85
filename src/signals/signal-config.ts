import { z } from "zod";
import { headersSchema } from "../fleet/config.ts";
import { baseUrlSchema, nameSchema, secretSchema, textSchema, valueIssue } from "../fleet/config-values.ts";

/** The sections of the configuration that name facts beyond the chain: machines' metrics, logs, relays. */

export const prometheusSchema = z
  .strictObject({
    url: baseUrlSchema("Base URL of a Prometheus that scrapes our hosts, without /api.", "http://127.0.0.1:9090"),
    headers: headersSchema("Extra request headers."),
    token: secretSchema("Sent as `Authorization: Bearer …`.").exactOptional(),
  })
  .exactOptional()
  .meta({
    description: "An existing Prometheus; `hosts[].prometheus` says which of its targets are on which machine.",
    examples: [{ url: "http://127.0.0.1:9090" }],
  });

const lokiSchema = z
  .strictObject({
    url: baseUrlSchema("Base URL of Loki, without /loki.", "http://127.0.0.1:3100"),
    query: z
      .string()
      .min(2, { error: "must not be empty" })
      .max(5_000, { error: "must not be longer than 5000 characters" })
      .regex(/^\s*\{/, { error: "must be a LogQL log query, beginning with a selector in braces" })
      .meta({ description: "A LogQL query that returns lines.", examples: ['{unit="lighthouse.service"}'] }),
    headers: headersSchema("Extra request headers, such as X-Scope-OrgID."),
  })
  .meta({
    description: "Lines of a Loki query.",
    examples: [{ url: "http://127.0.0.1:3100", query: '{unit="lighthouse.service"}' }],
  });

const places = ["file", "journald", "loki"] as const;

const logSchema = z
  .strictObject({
    name: nameSchema("Unique name of the log, shown wherever it is spoken of.").meta({ examples: ["bn1-log"] }),
    client: textSchema(
      "Client that writes it, lower case: only its known messages are looked for. Left out: those of every client.",
      "lighthouse",
    ).exactOptional(),
    node: textSchema("Beacon node that writes it, as `nodes` names it.", "bn1").exactOptional(),
    validatorClient: textSchema(
      "Validator client that writes it, as the label `validatorClient` names it.",
      "vc1",
    ).exactOptional(),
    file: z
      .string()
      .min(1, { error: "must not be empty" })
      .exactOptional()
      .meta({
        description:
          "A text file, followed through rotation and truncation. Relative to the configuration file's folder.",
        examples: ["/var/log/lighthouse/beacon.log"],
      }),
    journald: z
      .string()
      .regex(/^[A-Za-z0-9:_.\\@-]{1,255}$/, { error: "must be the name of a systemd unit" })
      .regex(/^[^-]/, { error: "must be the name of a systemd unit" })
      .exactOptional()
      .meta({ description: "A systemd unit, read with journalctl.", examples: ["lighthouse-beacon.service"] }),
    loki: lokiSchema.exactOptional(),
  })
  .superRefine((log, ctx) => {
    const given = places.filter((place) => log[place] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0 ? "says nowhere where it is read" : `has ${given.join(" and ")}: one log, one place`;
    const fix = given.length === 0 ? `Add one of: ${places.join(", ")}.` : "Keep one of them.";
    valueIssue(ctx, given.length === 0 ? "missing-key" : "conflict", message, fix);
  });

export const logsSchema = z
  .array(logSchema)
  .max(500, { error: "must not hold more than 500 logs" })
  .default([])
  .meta({
    description:
      "Logs of clients that are followed for known messages. They corroborate what the chain and the nodes say. See [signals](../signals.md).",
    examples: [[{ name: "bn1-log", node: "bn1", client: "lighthouse", journald: "lighthouse-beacon.service" }]],
  });

const relaySchema = z.strictObject({
  name: nameSchema("Unique name of the relay.").meta({ examples: ["flashbots"] }),
  url: baseUrlSchema("Base URL of its data API, without /relay.", "https://boost-relay.flashbots.net"),
});

export const relaysSchema = z
  .array(relaySchema)
  .max(50, { error: "must not hold more than 50 relays" })
  .exactOptional()
  .meta({
    description:
      "The relays in use, asked whether they delivered our blocks. `[]`: none is in use, so that every block must pay to its own fee recipient. Left out: not known, and no fee recipient is called wrong that a relay could explain.",
    examples: [[{ name: "flashbots", url: "https://boost-relay.flashbots.net" }]],
  });

export type PrometheusInput = NonNullable<z.output<typeof prometheusSchema>>;
export type LogInput = z.output<typeof logsSchema>[number];
