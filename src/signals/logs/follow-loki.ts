import { revealHeaders } from "../../fleet/secret.ts";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import type { HttpHeaders } from "../../fleet/validator-sources.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { LogReader, LogSink } from "./log-feed.ts";

const periodMs = 5_000;
const deadlineMs = 20_000;
/** Loki's own limit of entries (`max_entries_limit_per_query`) is 5,000 unless set otherwise. */
const pageLimit = 1_000;
const maxPages = 10;
const maxBytes = 16 * 1024 * 1024;

/**
 * Asks Loki for new lines every five seconds, oldest first, from the nanosecond after the last one that came
 * (`GET /loki/api/v1/query_range`). Lines of the very same nanosecond as the last of a full page are not asked for twice.
 */
export function followLoki(
  { url, query, headers }: { url: string; query: string; headers: HttpHeaders },
  sink: LogSink,
  get: HttpGet,
  clock: Clock,
): LogReader {
  const stopping = new AbortController();
  const sent = {
    accept: "application/json",
    ...revealHeaders(headers),
  };
  let from = BigInt(clock.now()) * 1_000_000n;
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (let page = 0; page < maxPages && !stopping.signal.aborted; page++) {
      const end = BigInt(clock.now()) * 1_000_000n;
      if (end <= from) return;
      const words = new URLSearchParams({
        ...{ query, direction: "forward", limit: String(pageLimit) },
        ...{ start: String(from), end: String(end) },
      });
      const answer = await withDeadline(clock, deadlineMs, stopping.signal, (signal) =>
        get(`${url}/loki/api/v1/query_range?${words}`, { headers: sent, maxBytes, signal }),
      );
      if (stopping.signal.aborted) return;
      if (!answer.ok) return sink.state("log-loki-failed", answer.message);
      if (answer.status !== 200)
        return sink.state("log-loki-failed", `status ${answer.status}: ${printable(answer.body)}`);
      const entries = readEntries(answer.body);
      if (!entries) return sink.state("log-loki-failed", "the answer holds no lines: is the query one of logs?");
      sink.state("log-followed", url);
      const last = entries.at(-1);
      if (last) {
        from = last.at + 1n;
        sink.lines(entries.map(({ line }) => line));
      }
      if (entries.length < pageLimit) return;
    }
  }

  const begin = () => {
    running = running.then(() => (stopping.signal.aborted ? undefined : look()));
  };
  begin();
  const cancelTimer = clock.every(periodMs, begin);
  return {
    async stop() {
      stopping.abort();
      cancelTimer();
      await running;
    },
  };
}

/** Lines of all streams, oldest first; `undefined`: the answer is not of that shape. */
function readEntries(body: string): { at: bigint; line: string }[] | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: { resultType?: unknown; result?: unknown } };
    if (data?.resultType !== "streams" || !Array.isArray(data.result)) return undefined;
    const entries = (data.result as { values?: unknown }[]).flatMap(({ values }) =>
      (values as [string, string][]).map(([at, line]) => ({ at: BigInt(at), line: line.slice(0, 4096) })),
    );
    return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  } catch {
    return undefined;
  }
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").slice(0, 200);
}
