import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What `record.ts` wrote: every request of one real validator client over some epochs. */
export interface Recording {
  client: string;
  validators: number;
  slots: number;
  slotsPerEpoch: number;
  headers: Record<"GET" | "POST", Record<string, string>>;
  requests: RecordedRequest[];
}

export interface RecordedRequest {
  slot: number;
  /** When in its slot, 0 to 1. */
  share: number;
  /** Method and path, numbers as `{}`. */
  route: string;
  query: string;
  status: number;
  requestBytes: number;
  answerBytes: number;
}

export function readRecording(): Recording {
  const raw = JSON.parse(readFileSync(join(import.meta.dirname, "recorded.json"), "utf8")) as Omit<
    Recording,
    "requests"
  > & {
    requests: [number, number, string, string, number, number, number][];
  };
  const requests = raw.requests.map(([slot, share, route, query, status, requestBytes, answerBytes]) => ({
    ...{ slot, share, route, query, status, requestBytes, answerBytes },
  }));
  return { ...raw, requests };
}
