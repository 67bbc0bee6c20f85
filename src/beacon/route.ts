import { z } from "zod";

/** One call that Slotkeeper itself makes to a beacon node, as data. */
export interface BeaconRoute<T> {
  /** The operationId in the beacon-APIs specification. */
  operationId: string;
  method: "GET" | "POST";
  /** With `{name}` in place of parameters. */
  path: string;
  /** A longer body is refused, and no more than this is held in memory. */
  maxBytes: number;
  /** True where the node answers from memory: only such routes may condemn a node that hangs. */
  isCheap: boolean;
  /** Reads the parsed JSON body. */
  decode(json: unknown): DecodeResult<T>;
}

/** A call whose answer is too big for `JSON.parse`, or SSZ: its bytes are read by hand. */
export interface BytesRoute<T> extends Pick<BeaconRoute<T>, "operationId" | "method" | "path" | "maxBytes"> {
  /** What to ask for; default JSON only. The answer's own content type decides what came. */
  accept?: string;
  /** May throw: the error's message is the problem. */
  decode(body: Buffer, answer: AnswerFacts): DecodeResult<T>;
}

/** What the headers say of an answer's body. */
export interface AnswerFacts {
  isSsz: boolean;
  /** `Eth-Consensus-Version`, lower case. */
  version: string | undefined;
}

/** SSZ where the node gives it: it decodes 10 to 40 times faster. */
export const acceptSszOrJson = "application/octet-stream;q=1,application/json;q=0.9";

export type DecodeResult<T> =
  { ok: true; value: T; finalized?: boolean; executionOptimistic?: boolean } | { ok: false; problem: string };

interface RouteFacts {
  operationId: string;
  path: string;
  method?: "GET" | "POST";
  maxBytes?: number;
  isCheap?: boolean;
}

/** Defines a route whose body is `{data, execution_optimistic?, finalized?}`, which is every JSON body of the Beacon API. */
export function defineRoute<T>(facts: RouteFacts, data: z.ZodType<T>): BeaconRoute<T> {
  const body = z.object({ data, execution_optimistic: z.boolean().nullish(), finalized: z.boolean().nullish() });
  return {
    method: "GET",
    maxBytes: 64 * 1024,
    isCheap: true,
    ...facts,
    decode(json) {
      const parsed = body.safeParse(json);
      if (!parsed.success) return { ok: false, problem: describeIssue(parsed.error) };
      const { data: value, execution_optimistic: executionOptimistic, finalized } = parsed.data;
      return {
        ok: true,
        value,
        ...(typeof finalized === "boolean" && { finalized }),
        ...(typeof executionOptimistic === "boolean" && { executionOptimistic }),
      };
    },
  };
}

/** The path with its parameters filled in and escaped. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.map(String).join(".");
  return `${path}: ${issue?.message ?? "not as expected"}`.slice(0, 200);
}
