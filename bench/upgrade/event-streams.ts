import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { count, type Tally } from "./duty-load.ts";

/**
 * Keeps an event stream open, opening it again whenever it ends in order. Failed are: an answer that is not 200, and a
 * stream that breaks instead of ending.
 */
export async function runEventStream(url: URL, tally: Tally, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const failure = await readOne(url, signal);
    if (signal.aborted) return;
    count(tally, "event-stream", failure);
    await sleep(5);
  }
}

function readOne(url: URL, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(new URL("/eth/v1/events?topics=head,block,finalized_checkpoint", url), {
      agent: false,
      headers: { accept: "text/event-stream" },
      signal,
    });
    request.once("error", (error) => resolve(error.message));
    request.once("response", (response) => {
      if (response.statusCode !== 200) resolve(`answered ${response.statusCode}`);
      response.resume();
      response.once("error", (error) => resolve(`broke: ${error.message}`));
      response.once("end", () => resolve(undefined));
    });
  });
}
