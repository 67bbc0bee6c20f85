import type { z } from "zod";
import { AppError } from "../../lib/app-error.ts";
import type { AlertReasonCode } from "../reasons.ts";

export const maxInboundBytes = 512 * 1024;
const maxDepth = 20;

/** Errors of this folder: `code` is a reason code, and the message names the interface. */
export function inboundError(code: AlertReasonCode, what: string, detail: string): AppError {
  return new AppError(`read ${what}: ${detail}`, { code });
}

/** Parses a body within bounds and checks its shape. Throws `AppError` with "inbound-too-large", "inbound-not-json" or "inbound-bad-shape". */
export function readInboundJson<S extends z.ZodType>(body: string, what: string, schema: S): z.output<S> {
  if (body.length > maxInboundBytes || Buffer.byteLength(body) > maxInboundBytes)
    throw inboundError("inbound-too-large", what, `larger than ${maxInboundBytes} bytes`);
  if (depthOf(body) > maxDepth) throw inboundError("inbound-too-large", what, `nested deeper than ${maxDepth} levels`);
  const parsed = schema.safeParse(parseJson(body, what));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join(".") || "the document";
  // Both quote the sender's own names, which may be as long as the body.
  throw inboundError("inbound-bad-shape", what, `${place}: ${issue?.message ?? "not as expected"}`.slice(0, 300));
}

function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(storable(body)) as unknown;
  } catch (cause) {
    throw new AppError(`read ${what}: send a JSON document`, { code: "inbound-not-json", cause });
  }
}

const escapes = /\\u(d[89ab]..)\\u(d[c-f]..)|\\u(d[89a-f]..|0000)|\\./gis;

/**
 * NUL and halves of surrogate pairs become U+FFFD, in names as well as in texts: PostgreSQL stores neither, so that a sender
 * would come again with the same alert for ever.
 */
function storable(json: string): string {
  return json
    .toWellFormed()
    .replace(escapes, (all: string, _high, _low, bad: string | undefined) => (bad === undefined ? all : "\\ufffd"));
}

/** Deepest nesting of brackets outside of texts, found before anything is built from them. */
function depthOf(body: string): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at];
    if (isInText) {
      if (char === "\\") at += 1;
      else if (char === '"') isInText = false;
    } else if (char === '"') isInText = true;
    else if (char === "{" || char === "[") deepest = Math.max(deepest, (depth += 1));
    else if (char === "}" || char === "]") depth -= 1;
  }
  return deepest;
}
