import { z } from "zod";
import type { LatencyMemory } from "./latency-memory.ts";
import type { RequestMemory } from "./request-memory.ts";

const counts = z.record(z.string().regex(/^\d{1,12}$/), z.number());

const schema = z.object({
  version: z.literal(1),
  requests: z.object({
    clients: z.record(
      z.string(),
      z.object({ group: z.string(), client: z.string(), lastAt: z.number(), minutes: counts, quarters: counts }),
    ),
    watched: z.record(z.string().regex(/^\d{1,12}$/), z.literal(true)),
  }),
  latencies: z.record(
    z.string(),
    z.object({
      group: z.string(),
      node: z.string(),
      recent: z.array(z.object({ at: z.number(), ms: z.number() })),
      hours: z.array(z.object({ hour: z.number(), ms: z.number() })),
      running: z.object({ hour: z.number(), values: z.array(z.number()) }),
    }),
  ),
});

/** The usual numbers of 7 days, as text for the store. */
export function writeUsual(requests: RequestMemory, latencies: LatencyMemory): string {
  return JSON.stringify({ version: 1, requests, latencies });
}

/** What `writeUsual` wrote; `undefined` where it was another version's, or is damaged: then days are watched anew. */
export function readUsual(text: string): { requests: RequestMemory; latencies: LatencyMemory } | undefined {
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? { requests: read.data.requests, latencies: read.data.latencies } : undefined;
  } catch {
    return undefined;
  }
}
