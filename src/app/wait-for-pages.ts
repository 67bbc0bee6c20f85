import type { PagesPage, TestPageAnswer } from "../api/contract-oncall.ts";
import type { Clock } from "../lib/clock.ts";
import { isUnfinished } from "../outbox/types.ts";
import type { AskedMonitor } from "./ask-monitor.ts";
import type { TestResult } from "./respond-words/pages-text.ts";

const pollMs = 500;
/** The API's own bound; test pages are among the newest. */
const newest = 500;

/**
 * Asks the monitor until each of these pages has ended (sent, failed, dropped or held), `timeoutMs` have passed or `signal` aborts;
 * then answers how each stands. Throws as `AskedMonitor`.
 */
export async function waitForPages(
  monitor: AskedMonitor,
  pages: TestPageAnswer["pages"],
  { timeoutMs, clock, signal }: { timeoutMs: number; clock: Clock; signal: AbortSignal },
): Promise<TestResult[]> {
  const endAt = clock.monotonic() + timeoutMs;
  for (;;) {
    const { items } = await monitor.get<PagesPage>("pages", { limit: newest });
    const results = pages.map((asked) => ({ ...asked, page: items.find(({ id }) => id === asked.id) }));
    const isOver = results.every(({ page }) => page === undefined || !isUnfinished(page.state));
    if (isOver || clock.monotonic() >= endAt || signal.aborted) return results;
    await clock.sleep(pollMs, signal);
  }
}
