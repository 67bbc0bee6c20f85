import { z } from "zod";
import {
  baseUrlSchema,
  hexSchema,
  listenSchema,
  nameSchema,
  secretSchema,
  textSchema,
  valueIssue,
} from "./config-values.ts";
import { routeListsSchema } from "./route-lists.ts";
import { checkFeeRecipient } from "./fee-recipient.ts";
import { knownNetworkNames, knownNetworks } from "../chain/known-networks.ts";
import { nodeRoles } from "./types.ts";

/** The sections of the configuration that describe the fleet. Each key carries its description: the docs are made from it. */

export const networkSchema = z
  .union([
    z.enum(["auto", ...knownNetworkNames]),
    z.strictObject({
      name: nameSchema("Name of the network, shown on pages and in messages.").default("custom"),
      genesisValidatorsRoot: hexSchema(
        32,
        "Identifies the chain: `GET /eth/v1/beacon/genesis` of a node that you trust shows it.",
        knownNetworks.hoodi.genesisValidatorsRoot,
      ),
      genesisForkVersion: hexSchema(4, "Genesis fork version; checked too when given.", "0x10000910").exactOptional(),
    }),
  ])
  .default("auto")
  .meta({
    description:
      "The chain that every node must be on. `auto` believes what most nodes agree on; naming it is safer, because then a wrong majority is refused too.",
    examples: ["mainnet"],
  });

/** Request headers, each plain text or a secret. */
export function headersSchema(description: string) {
  return z
    .record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: "is not a header name" }),
      z.union([
        z.string().regex(/^[\t\x20-\x7e]*$/, { error: "holds characters that a header may not hold" }),
        secretSchema("A secret header value, read from the environment or a file."),
      ]),
    )
    .default({})
    .meta({
      description: `${description} Values that must stay secret are written as { env: NAME } or { file: PATH }.`,
      examples: [{ Authorization: { env: "BN1_AUTHORIZATION" } }],
    });
}

const nodeSchema = z.strictObject({
  name: nameSchema("Unique name of the beacon node."),
  url: baseUrlSchema("Base URL of its Beacon API, without /eth.", "http://127.0.0.1:5052"),
  client: textSchema(
    "Consensus client, lower case. Leave it out where the node says it itself (`node/version`).",
    "lighthouse",
  ).exactOptional(),
  executionClient: textSchema(
    "Execution client behind it, lower case. No Beacon API tells it, and client diversity is judged with it.",
    "nethermind",
  ).exactOptional(),
  host: textSchema("Machine that it runs on: nodes with the same host fail together.", "host-a").exactOptional(),
  provider: textSchema(
    "Who runs the machine or the place: a cloud, a data centre, an office.",
    "hetzner",
  ).exactOptional(),
  region: textSchema("Region or site.", "fsn1").exactOptional(),
  labels: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/, { error: "must be a name of letters, digits, dots and dashes" }),
      z.string().max(200, { error: "must not be longer than 200 characters" }),
    )
    .default({})
    .meta({ description: "Anything else that alarms, pages and reports should group by.", examples: [{ rack: "a3" }] }),
  headers: headersSchema("Extra request headers for this node."),
});

export const nodesSchema = z
  .array(nodeSchema)
  .min(1, { error: "needs at least one node" })
  .meta({
    description: "The beacon nodes.",
    examples: [[{ name: "bn1", url: "http://127.0.0.1:5052" }]],
  });

const memberSchema = z.union([
  z.string().transform((node) => ({ node, priority: 0, role: "primary" as const })),
  z.strictObject({
    node: z.string().meta({ description: "Name of a node from `nodes`.", examples: ["bn1"] }),
    priority: z
      .int({ error: "must be a whole number" })
      .min(0, { error: "must be 0 or more" })
      .max(999, { error: "must be at most 999" })
      .default(0)
      .meta({ description: "Lower is preferred; among equals the steadier and faster node is.", examples: [10] }),
    role: z
      .enum(nodeRoles)
      .default("primary")
      .meta({ description: "A `backup` node serves only while no primary one is ready.", examples: ["backup"] }),
  }),
]);

export function pemFile(description: string, example: string) {
  return z
    .string()
    .min(1, { error: "must not be empty" })
    .meta({ description, examples: [example] });
}

export const tlsSchema = z
  .strictObject({
    cert: pemFile("Certificate in PEM form, its chain after it.", "/etc/slotkeeper/tls/cert.pem"),
    key: pemFile("Its private key in PEM form, not encrypted.", "/etc/slotkeeper/tls/key.pem"),
    clientCa: pemFile(
      "Authorities in PEM form: clients must then show a certificate that one of them signed.",
      "/etc/slotkeeper/tls/clients-ca.pem",
    ).exactOptional(),
  })
  .meta({
    description:
      "Serve this group over TLS (1.2 or newer) instead of plain HTTP. Paths are relative to the configuration file's folder; changed files are taken over without closing a connection.",
    examples: [{ cert: "/etc/slotkeeper/tls/cert.pem", key: "/etc/slotkeeper/tls/key.pem" }],
  });

export const groupSchema = z.strictObject({
  name: nameSchema("Unique name of the group.").meta({ examples: ["default"] }),
  listen: listenSchema(
    "Where validator clients reach this group. Port 0 lets the system choose.",
    "127.0.0.1:7381",
  ).prefault("127.0.0.1:7381"),
  nodes: z
    .array(memberSchema)
    .min(1, { error: "needs at least one node" })
    .exactOptional()
    .meta({
      description: "Its nodes in failover order: names, or { node, priority, role }. Left out: every node.",
      examples: [["bn1", { node: "bn2", role: "backup" }]],
    }),
  routes: routeListsSchema.exactOptional(),
  tls: tlsSchema.exactOptional(),
});

export const groupsSchema = z
  .array(groupSchema)
  .min(1, { error: "needs at least one group" })
  .exactOptional()
  .meta({
    description:
      "Listeners for validator clients and the nodes behind each. Left out: one group `default` with every node on 127.0.0.1:7381.",
    examples: [[{ name: "default", listen: "127.0.0.1:7381", nodes: ["bn1"] }]],
  });

const referenceSchema = z.strictObject({
  name: nameSchema("Unique name of the reference."),
  url: baseUrlSchema("Base URL, without /eth.", "https://beaconstate.example.org"),
  operator: textSchema("Who runs it: only answers of different operators count as independent.", "Example Foundation"),
  kind: z
    .enum(["beacon-api", "checkpoint"])
    .default("beacon-api")
    .meta({
      description: "What it offers: the whole Beacon API, or only checkpoint routes.",
      examples: ["checkpoint"],
    }),
});

export const referencesSchema = z.array(referenceSchema).default([]).meta({
  description:
    "Beacon-API or checkpoint endpoints run by others, to compare our chain with. They never serve validator clients.",
});

export const feeRecipientsSchema = z
  .array(
    z
      .string()
      .transform((text, ctx) => {
        const wrong = checkFeeRecipient(text);
        if (wrong === undefined) return text.toLowerCase();
        valueIssue(ctx, "bad-fee-recipient", `"${text}" ${wrong}`, "Copy the whole address again, in quotes.");
        return z.NEVER;
      })
      .meta({
        description: "An execution address: 0x and 40 hex digits.",
        examples: ["0x00000000219ab540356cBB839Cbe05303d7705Fa"],
      }),
  )
  .default([])
  .meta({ description: "Allowed fee recipients. Empty: any. Write them in quotes." });
