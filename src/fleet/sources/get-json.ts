import { revealHeaders } from "../secret.ts";
import type { HttpHeaders } from "../validator-sources.ts";
import { failedReading, type SourceError } from "./reading.ts";
import type { HttpGet } from "./source-io.ts";

/** A key costs about 200 bytes in these answers. */
const maxBodyBytes = 128 * 1024 * 1024;

export interface JsonQuestion {
  /** Names the action: "list keystores of vc1". */
  action: string;
  url: string;
  headers: HttpHeaders;
  /** Statuses that mean: this server does not know the route. */
  absent?: readonly number[];
}

/** The JSON of an answer with status 200, `absent`, or why there is none. */
export async function getJson(
  get: HttpGet,
  question: JsonQuestion,
  signal: AbortSignal,
): Promise<{ kind: "json"; value: unknown } | { kind: "absent" } | { kind: "failed"; error: SourceError }> {
  const { action } = question;
  const headers = { accept: "application/json", ...revealHeaders(question.headers) };
  const answer = await get(question.url, { headers, maxBytes: maxBodyBytes, signal });
  const failed = (...args: Parameters<typeof failedReading>) =>
    ({ kind: "failed", error: failedReading(...args).error }) as const;
  if (!answer.ok) {
    const code =
      answer.kind === "timeout"
        ? "source-timeout"
        : answer.kind === "too-large"
          ? "source-too-large"
          : "source-unreachable";
    return failed(code, `${action}: ${answer.message}`);
  }
  if (question.absent?.includes(answer.status)) return { kind: "absent" };
  if (answer.status === 401 || answer.status === 403)
    return failed("source-unauthorized", `${action}: refused with status ${answer.status}; check the token`);
  if (answer.status !== 200) return failed("source-status", `${action}: answered with status ${answer.status}`);
  try {
    return { kind: "json", value: JSON.parse(answer.body) as unknown };
  } catch {
    return failed("source-wrong-shape", `${action}: the answer is not JSON; check that the URL is that of the API`);
  }
}
