import { z } from "zod";
import { valueIssue } from "./config-values.ts";

/** Allow and deny lists of routes, as an operator writes them. */
export interface RouteLists {
  deny: readonly string[];
  allow: readonly string[];
  only: readonly string[];
}

/** A path of whole segments, with a method in front if only that is meant; `*` or `{name}` stands for one segment. */
export const routePatternForm =
  /^(?:(GET|HEAD|POST) +)?(\/(?:[A-Za-z0-9_.~:@-]+|\*|\{[a-z_]+\})(?:\/(?:[A-Za-z0-9_.~:@-]+|\*|\{[a-z_]+\}))*)\/?$/;

function patterns(description: string, example: string) {
  return z
    .array(
      z
        .string()
        .transform((text, ctx) => {
          if (routePatternForm.test(text.trim())) return text.trim();
          const fix = "Write a path such as /eth/v1/debug, with GET or POST in front if only that is meant.";
          valueIssue(ctx, "bad-value", `"${text}" is no route pattern`, fix);
          return z.NEVER;
        })
        .meta({ description: "A path, and all below it; `*` stands for one segment.", examples: [example] }),
    )
    .default([])
    .meta({ description, examples: [[example]] });
}

export const routeListsSchema = z
  .strictObject({
    deny: patterns("Refused with 403, whatever else is written.", "POST /eth/v1/beacon/pool/voluntary_exits"),
    allow: patterns(
      "Opened where they are closed by default: debug routes and routes of one client.",
      "/lighthouse/validator_inclusion",
    ),
    only: patterns("Where given, everything else is refused.", "GET /eth/v1/node"),
  })
  .meta({
    description:
      "Routes that are closed or opened. Lists of the gateway, the group and the client hold together: `deny` of any of them wins.",
    examples: [{ deny: ["/eth/v1/beacon/blob_sidecars"] }],
  });
