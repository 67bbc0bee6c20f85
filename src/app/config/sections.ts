import { z } from "zod";
import { baseUrlSchema, listenSchema, nameSchema, secretSchema, valueIssue } from "../../fleet/config-values.ts";
import { routeListsSchema } from "../../fleet/route-lists.ts";
import type { ListenAddress } from "../../fleet/listen-address.ts";
import { clientsSchema, requireKnownClientsSchema } from "./client-sections.ts";
import { controlSchema } from "./control-sections.ts";

/** The sections that describe this program rather than the fleet. Each owns its defaults. */

const flag = z.boolean();

/** An address to listen on, or the word `none`. */
function listenOrNoneSchema(description: string, fallback: string) {
  const listen = listenSchema(description, fallback);
  return z
    .string()
    .transform((text, ctx): ListenAddress | "none" => {
      if (text === "none") return "none";
      const parsed = listen.safeParse(text);
      if (parsed.success) return parsed.data;
      valueIssue(ctx, "bad-listen", `"${text}" is not an address to listen on`, `Write HOST:PORT or none.`);
      return z.NEVER;
    })
    .meta({ description, examples: [fallback] });
}

export const serverSchema = z
  .strictObject({
    listen: listenSchema("Where the pages and the API are served.", "127.0.0.1:7380").prefault("127.0.0.1:7380"),
    publicUrl: baseUrlSchema(
      "Where people reach the pages; links in messages begin with it. Left out: http:// and `listen`, which works on this machine only.",
      "https://slotkeeper.example.org",
    ).exactOptional(),
    dataFolder: z
      .string()
      .min(1, { error: "must not be empty" })
      .default("./data")
      .meta({
        description: "Folder for everything that is kept. Relative to the configuration file's folder.",
        examples: ["/var/lib/slotkeeper"],
      }),
    apiToken: secretSchema(
      "Token that calls which change something must bring as `Authorization: Bearer …`.",
    ).exactOptional(),
    logLevel: z
      .enum(["debug", "info", "warn", "error", "silent"])
      .default("info")
      .meta({ description: "How much is logged; `error` means that a person is needed now.", examples: ["info"] }),
  })
  .prefault({})
  .meta({ description: "The pages, the API and the folder that data is kept in." });

function count(fallback: number, highest: number, description: string) {
  return z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be 1 or more" })
    .max(highest, { error: `must be at most ${highest}` })
    .default(fallback)
    .meta({ description, examples: [fallback] });
}

const limitsSchema = z
  .strictObject({
    clientSockets: count(16_384, 1_000_000, "Open connections of validator clients, for each listener."),
    requestBodyMiB: count(32, 1_024, "Largest request body; 21 blobs in JSON are 6 MiB. More is answered with 413."),
    bulkRequestsPerNode: count(
      128,
      100_000,
      "Requests under way that belong to no duty, for each ready node; more get 503. Duties and publishing are never refused for load.",
    ),
    bulkRequestsPerClient: count(2_048, 100_000, "The same, of one client."),
    cacheMiB: count(64, 65_536, "Answers kept in memory for all who ask the same, for each group."),
    bodiesMiB: count(
      256,
      65_536,
      "All bodies in memory, kept answers included; beyond it bulk requests get 503. Duties and publishing are never refused for it.",
    ),
    eventStreams: count(4_096, 1_000_000, "Open event streams, for each listener."),
    eventBacklogKiB: count(256, 65_536, "Unsent events of one reader before it is disconnected."),
  })
  .prefault({})
  .meta({ description: "Bounds of the gateway." });

export const gatewaySchema = z
  .strictObject({
    name: nameSchema("Name of this gateway, shown where several are read.")
      .default("gateway")
      .meta({ examples: ["gateway-a"] }),
    control: controlSchema,
    metricsListen: listenOrNoneSchema(
      "Where Prometheus reads `/metrics` and probes read `/healthz` of this gateway, without a token and over plain HTTP; `none` switches it off. Both are on the control address as well. If the port is taken, the gateway serves without.",
      "127.0.0.1:7379",
    ).prefault("127.0.0.1:7379"),
    allowDebugRoutes: flag.default(false).meta({
      description: "Pass the Beacon API's `debug` routes on. They can return whole states, which is heavy.",
      examples: [true],
    }),
    allowFaults: flag.default(false).meta({
      description: "Allow fault drills on this gateway's nodes. Each fault ends by itself within a minute.",
      examples: [true],
    }),
    agree: z
      .union([
        z.enum(["auto", "off"]),
        z
          .int({ error: "must be a whole number" })
          .min(1, { error: "must be 1 or more" })
          .max(32, { error: "must be at most 32" }),
      ])
      .default("auto")
      .meta({
        description:
          "How many nodes must agree on source and target before attestation data is served. `auto`: a majority of the ready nodes, of two client families, where a group has two; `off`: the first good answer.",
        examples: ["auto"],
      }),
    builderBoostPercent: z
      .int({ error: "must be a whole number" })
      .min(0, { error: "must be 0 or more" })
      .max(1_000, { error: "must be at most 1000" })
      .default(100)
      .meta({
        description:
          "Weight of a blinded block's value when blocks of several nodes are compared, per cent. Each node has applied the validator client's own boost factor already: leave it at 100 unless you want another one on top.",
        examples: [100],
      }),
    clients: clientsSchema,
    requireKnownClients: requireKnownClientsSchema,
    routes: routeListsSchema.prefault({}),
    limits: limitsSchema,
  })
  .superRefine((gateway, ctx) => {
    if (gateway.requireKnownClients && gateway.clients.length === 0)
      valueIssue(ctx, "conflict", "has requireKnownClients but no clients: nobody would be served", "Add clients:.");
  })
  .prefault({})
  .meta({ description: "The failover gateway for validator clients." });

export const storeSchema = z
  .strictObject({
    database: z
      .union([
        z.string().regex(/^sqlite:.+/s, {
          error: 'must start with "sqlite:"; a PostgreSQL URL holds a password: write { env: NAME } or { file: PATH }',
        }),
        secretSchema("A database URL, read from the environment or a file."),
      ])
      .exactOptional()
      .meta({
        description:
          "`sqlite:PATH`, or a secret that holds a `postgres://` URL. Left out: the variable SLOTKEEPER_DATABASE_URL, else `slotkeeper.db` in the data folder.",
        examples: ["sqlite:./data/slotkeeper.db"],
      }),
  })
  .prefault({})
  .meta({ description: "Where history is stored. The gateway needs no store." });

export const profileSchema = z
  .enum(["solo", "scaled"])
  .default("solo")
  .meta({
    description: "`solo` hides what a small operator does not need; `scaled` shows everything.",
    examples: ["scaled"],
  });
