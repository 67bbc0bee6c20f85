import { z } from "zod";
import { feeRecipientsSchema, headersSchema } from "./config.ts";
import { baseUrlSchema, nameSchema, secretSchema, textSchema, valueIssue } from "./config-values.ts";
import { labelForm, maxLabelLength } from "./label-names.ts";
import { redactUrl } from "./redact-url.ts";
import { parseValidatorId } from "./validator-key.ts";

/** The sections of the configuration that say which validators are ours and whose they are. */

const exampleKey = `0x93247f2209abcacf57b75a51dafae777f9dd38bc7053d1af526f220a7489a6d3a2753e5f3e8b1cfe39b56f43611df74a`;

const validatorIdSchema = z
  .union([z.string(), z.number()])
  .transform((value, ctx): string => {
    const text = String(value).trim();
    if (parseValidatorId(text)) return text.toLowerCase();
    const shown = text.length > 40 ? `${text.slice(0, 37)}…` : text;
    const fix = "Write a key (0x and 96 hex digits) or a validator index.";
    valueIssue(ctx, "bad-value", `"${shown}" is neither a key nor an index`, fix);
    return z.NEVER;
  })
  .meta({ description: "A key (0x and 96 hex digits) or a validator index.", examples: [123456] });

export const labelsSchema = z.record(
  z.string().regex(labelForm, { error: "must be a name of letters, digits, dots and dashes, beginning with a letter" }),
  z.string().max(maxLabelLength, { error: `must not be longer than ${maxLabelLength} characters` }),
);

function fileSchema(description: string, example: string) {
  return z
    .string()
    .min(1, { error: "must not be empty" })
    .meta({ description: `${description} Relative to the configuration file's folder.`, examples: [example] });
}

function metricsUrlSchema(description: string, example: string) {
  return z
    .string()
    .transform((text, ctx): string => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (!url || !/^https?:$/.test(url.protocol)) {
        valueIssue(
          ctx,
          "bad-url",
          `"${redactUrl(text)}" is not an http:// or https:// URL`,
          `Write for example ${example}.`,
        );
        return z.NEVER;
      }
      if (url.username === "" && url.password === "") return url.href;
      const message = `"${redactUrl(text)}" holds a user name or password, which would show in logs`;
      valueIssue(ctx, "url-with-credentials", message, "Take it out, and let this machine read the page without it.");
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

const keymanagerSchema = z
  .strictObject({
    url: baseUrlSchema("Base URL of the validator client's keymanager API, without /eth.", "http://127.0.0.1:5062"),
    token: secretSchema("Its API token, sent as `Authorization: Bearer …`.").exactOptional(),
    headers: headersSchema("Extra request headers."),
  })
  .meta({
    description: "The keys that a validator client has loaded: its keystores and its remote keys.",
    examples: [{ url: "http://127.0.0.1:5062", token: { file: "/run/secrets/vc1-api-token" } }],
  });

const web3signerSchema = z
  .strictObject({
    url: baseUrlSchema("Base URL of Web3Signer.", "http://127.0.0.1:9000"),
    headers: headersSchema("Extra request headers, for a proxy that asks for a password."),
  })
  .meta({ description: "The keys that a Web3Signer has loaded.", examples: [{ url: "http://127.0.0.1:9000" }] });

const postgresSchema = z
  .strictObject({
    url: secretSchema("A secret that holds a `postgres://` URL. Let its user read only."),
    query: z
      .string()
      .min(1, { error: "must not be empty" })
      .max(10_000, { error: "must not be longer than 10000 characters" })
      .regex(/^\s*(select|with|table|values)\b/i, { error: "must be one SELECT" })
      .meta({
        description:
          "One SELECT with a column `pubkey` or `index`, or both; each other column is a label. It runs read-only.",
        examples: ["SELECT pubkey, customer FROM validators"],
      }),
  })
  .meta({
    description: "Rows of a PostgreSQL query.",
    examples: [{ url: { env: "INVENTORY_URL" }, query: "SELECT pubkey, customer FROM validators" }],
  });

export const sourceKinds = ["list", "text", "csv", "keymanager", "web3signer", "postgres"] as const;
const kindList = sourceKinds.join(", ");

const sourceSchema = z
  .strictObject({
    name: nameSchema("Unique name of the source, shown wherever it is spoken of.").meta({ examples: ["team-a"] }),
    list: z
      .array(validatorIdSchema)
      .max(10_000, { error: "must not hold more than 10000 validators: put them into a file" })
      .exactOptional()
      .meta({ description: "Keys or indices, written here.", examples: [[123456, exampleKey]] }),
    text: fileSchema("File with one key or index on each line; `#` begins a comment.", "keys.txt").exactOptional(),
    csv: fileSchema(
      "File whose first line names the columns: `pubkey` or `index`, or both; each other column is a label.",
      "validators.csv",
    ).exactOptional(),
    keymanager: keymanagerSchema.exactOptional(),
    web3signer: web3signerSchema.exactOptional(),
    postgres: postgresSchema.exactOptional(),
    labels: labelsSchema.default({}).meta({
      description:
        "Labels of each validator of this source; those of a single row win over them. `customer`, `operator`, `validatorClient`, `client`, `group`, `host`, `provider`, `region` have a meaning, any other is a cohort of its own.",
      examples: [{ customer: "acme", validatorClient: "vc1" }],
    }),
    metrics: metricsUrlSchema(
      "Metrics page of the validator client that these validators run on: its number of loaded keys is compared with this source.",
      "http://127.0.0.1:5064/metrics",
    ).exactOptional(),
    refreshSeconds: z
      .int({ error: "must be a whole number" })
      .min(5, { error: "must be 5 or more" })
      .max(86_400, { error: "must be at most 86400" })
      .default(300)
      .meta({ description: "How often it is read again. Files are read as well when they change.", examples: [60] }),
  })
  .superRefine((source, ctx) => {
    const given = sourceKinds.filter((kind) => source[kind] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? "says nowhere where its validators are"
        : `has ${given.join(" and ")}: one source, one place`;
    const fix =
      given.length === 0 ? `Add one of: ${kindList}.` : "Keep one of them, and write the rest as further sources.";
    valueIssue(ctx, given.length === 0 ? "missing-key" : "conflict", message, fix);
  });

export const validatorsSchema = z
  .array(sourceSchema)
  .max(1_000, { error: "must not hold more than 1000 sources" })
  .default([])
  .meta({
    description:
      "The validators that we answer for, from any number of sources. Without any, duties are not judged. See [validators](../validators.md).",
    examples: [[{ name: "team-a", csv: "validators.csv" }]],
  });

const customerSchema = z.strictObject({
  name: textSchema("Name of the customer, as the label `customer` writes it.", "acme"),
  uptimeTarget: z
    .number({ error: "must be a number" })
    .min(0, { error: "must be 0 or more" })
    .max(100, { error: "must be at most 100" })
    .default(99)
    .meta({ description: "Agreed uptime in percent of assigned attestations.", examples: [99.5] }),
  feeRecipients: feeRecipientsSchema.meta({
    description: "Fee recipients that its blocks may name. Empty: any. Write them in quotes.",
  }),
  relays: z
    .enum(["any", "required", "forbidden"])
    .default("any")
    .meta({
      description: "`required`: each of its blocks must come from a relay; `forbidden`: none may.",
      examples: ["required"],
    }),
});

export const customersSchema = z
  .array(customerSchema)
  .max(10_000, { error: "must not hold more than 10000 customers" })
  .default([])
  .meta({
    description: "What is agreed with whom. A validator belongs to a customer by its label `customer`.",
    examples: [[{ name: "acme", uptimeTarget: 99.5 }]],
  });

const hostSchema = z.strictObject({
  name: textSchema("Name of the machine, as `host` of nodes and validators writes it.", "host-a"),
  provider: textSchema("Who runs the machine or the place.", "hetzner").exactOptional(),
  region: textSchema("Region or site.", "fsn1").exactOptional(),
  metrics: z
    .array(metricsUrlSchema("A page of node_exporter or of a client.", "http://10.0.0.5:9100/metrics"))
    .max(8, { error: "must not hold more than 8 pages" })
    .default([])
    .meta({
      description: "Metrics pages on it, of node_exporter and of clients, read every 30 seconds.",
      examples: [["http://10.0.0.5:9100/metrics", "http://10.0.0.5:5054/metrics"]],
    }),
  prometheus: z
    .array(textSchema("The label `instance` of a target.", "host-a:9100"))
    .max(8, { error: "must not hold more than 8 targets" })
    .default([])
    .meta({
      description: "Targets of `prometheus` that are on it, by their label `instance`: instead of reading their pages.",
      examples: [["host-a:9100"]],
    }),
});

export const hostsSchema = z
  .array(hostSchema)
  .max(10_000, { error: "must not hold more than 10000 hosts" })
  .default([])
  .meta({
    description:
      "Machines. Whatever names one as `host` gets its provider and region; where any is listed, an unknown host is warned of.",
    examples: [[{ name: "host-a", provider: "hetzner", region: "fsn1" }]],
  });

export const providersSchema = z
  .array(z.strictObject({ name: textSchema("Name of the provider.", "hetzner") }))
  .max(1_000, { error: "must not hold more than 1000 providers" })
  .default([])
  .meta({
    description: "Providers of machines. Where any is listed, an unknown one is warned of.",
    examples: [[{ name: "hetzner" }]],
  });

function days(fallback: number, description: string) {
  return z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be 1 or more" })
    .max(36_500, { error: "must be at most 36500" })
    .default(fallback)
    .meta({ description, examples: [fallback] });
}

export const dutiesSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .exactOptional()
      .meta({
        description: "Judge every duty of our validators. Left out: yes where `validators` lists any.",
        examples: [true],
      }),
    retention: z
      .strictObject({
        columnDays: days(90, "Days that every validator's outcome of every epoch is kept."),
        exceptionDays: days(400, "Days that each lost or late duty is kept, with its cause."),
        cohortDays: days(90, "Days that the sums of each cohort are kept for each epoch."),
        dailyCohortDays: days(1_826, "Days that they are kept for each day after that."),
      })
      .prefault({})
      .meta({ description: "How long judged duties are kept." }),
    nodes: z
      .array(z.string())
      .min(1, { error: "needs at least one node" })
      .exactOptional()
      .meta({ description: "Nodes that duties are read from. Left out: every node.", examples: [["bn1", "bn2"]] }),
  })
  .prefault({})
  .meta({ description: "The judging of duties." });

export type SourceInput = z.output<typeof sourceSchema>;
export type HostInput = z.output<typeof hostSchema>;
export type DutiesInput = z.output<typeof dutiesSchema>;
