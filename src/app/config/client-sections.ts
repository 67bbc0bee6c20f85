import { z } from "zod";
import { nameSchema, secretSchema, textSchema, valueIssue } from "../../fleet/config-values.ts";
import { routeListsSchema } from "../../fleet/route-lists.ts";
import { parseBlock } from "../../gateway/clients/addresses.ts";

/** Who the validator clients are. */

const blockSchema = z
  .string()
  .transform((text, ctx) => {
    if (parseBlock(text)) return text.trim();
    valueIssue(ctx, "bad-value", `"${text}" is no address or block`, "Write for example 10.0.1.7 or 10.0.1.0/24.");
    return z.NEVER;
  })
  .meta({ description: "An IPv4 or IPv6 address, or a block of them.", examples: ["10.0.1.0/24"] });

const clientSchema = z
  .strictObject({
    name: nameSchema("Name of the client, shown in evidence, logs and metrics.").meta({ examples: ["team-a"] }),
    token: secretSchema(
      "What it sends as `Authorization: Bearer TOKEN`, or as the password of `http://USER:TOKEN@HOST:PORT`.",
    ).exactOptional(),
    certificateName: textSchema(
      "Common name of its client certificate; needs `clientCa` in the group's `tls`.",
      "team-a.example.org",
    ).exactOptional(),
    addresses: z
      .array(blockSchema)
      .default([])
      .meta({
        description: "Addresses that it calls from. The narrowest block of any client decides.",
        examples: [["10.0.1.0/24", "2001:db8:1::/48"]],
      }),
    routes: routeListsSchema.exactOptional(),
  })
  .superRefine((client, ctx) => {
    if (client.token !== undefined || client.certificateName !== undefined || client.addresses.length > 0) return;
    valueIssue(
      ctx,
      "missing-key",
      "cannot be told from any other client",
      "Add token: { env: NAME }, or addresses: [10.0.1.0/24].",
    );
  });

export const clientsSchema = z
  .array(clientSchema)
  .default([])
  .meta({
    description:
      "Validator clients by name. Bulk requests are shared out fairly between them, and evidence, logs and metrics show the name.",
    examples: [[{ name: "team-a", token: { env: "TEAM_A_TOKEN" } }]],
  });

export const requireKnownClientsSchema = z
  .boolean()
  .default(false)
  .meta({
    description: "Refuse every client that is not in `clients`, with 401 or 403.",
    examples: [true],
  });

export type ClientInput = z.output<typeof clientSchema>;
