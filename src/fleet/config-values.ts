import { z } from "zod";
import { formatListenAddress, parseListenAddress, type ListenAddress } from "./listen-address.ts";
import { checkBaseUrl, normalizeBaseUrl } from "./url-check.ts";

/** Where a secret is read from; the value itself never stands in the file. */
export type SecretRef = { kind: "env"; name: string } | { kind: "file"; path: string };

/** A zod issue that carries what to write instead; the problem list shows both. */
export function valueIssue(ctx: z.RefinementCtx, code: string, message: string, fix: string): void {
  ctx.addIssue({ code: "custom", message, params: { code, fix } });
}

/** A name that goes into URLs, metrics and messages. */
export function nameSchema(description: string) {
  return z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
      error: "must be 1 to 63 letters, digits, dots, dashes or underscores, and start with a letter or digit",
    })
    .meta({ description, examples: ["bn1"] });
}

/** Free text of one line. */
export function textSchema(description: string, example: string) {
  return z
    .string()
    .min(1, { error: "must not be empty" })
    .max(200, { error: "must not be longer than 200 characters" })
    .meta({ description, examples: [example] });
}

export function baseUrlSchema(description: string, example: string) {
  return z
    .string()
    .transform((text, ctx) => {
      const problem = checkBaseUrl(text);
      if (!problem) return normalizeBaseUrl(text);
      valueIssue(ctx, problem.code, problem.message, problem.fix);
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

export function listenSchema(description: string, fallback: string) {
  return z
    .string()
    .transform((text, ctx): ListenAddress => {
      const address = parseListenAddress(text);
      if (address) return address;
      const guess = parseListenAddress(`127.0.0.1:${text.replace(/^:/, "")}`);
      const fix = `Write HOST:PORT, for example ${guess ? formatListenAddress(guess) : fallback}.`;
      valueIssue(ctx, "bad-listen", `"${text}" is not an address to listen on`, fix);
      return z.NEVER;
    })
    .meta({ description, examples: [fallback] });
}

/** `{ env: NAME }` or `{ file: PATH }`, exactly one of them. */
export function secretSchema(description: string) {
  return z
    .strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of an environment variable" })
        .optional()
        .meta({ description: "Name of the environment variable that holds the secret.", examples: ["BN1_TOKEN"] }),
      file: z
        .string()
        .min(1, { error: "must not be empty" })
        .optional()
        .meta({
          description:
            "File that holds the secret; a line break at its end is left out. Relative to the configuration file's folder.",
          examples: ["/run/secrets/bn1-token"],
        }),
    })
    .transform((source, ctx): SecretRef => {
      if (source.env !== undefined && source.file === undefined) return { kind: "env", name: source.env };
      if (source.file !== undefined && source.env === undefined) return { kind: "file", path: source.file };
      valueIssue(ctx, "bad-secret", "needs exactly one of env and file", "Write { env: NAME } or { file: PATH }.");
      return z.NEVER;
    })
    .meta({ description, examples: [{ env: "NAME" }] });
}

/** 0x-prefixed hex of a fixed number of bytes, in lower case after reading. */
export function hexSchema(bytes: number, description: string, example: string) {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`), { error: `must be 0x and ${bytes * 2} hex digits` })
    .transform((text) => text.toLowerCase())
    .meta({ description, examples: [example] });
}
