const firstRetryMs = 1_000;
const mostRetryMs = 10_000;

/**
 * Loads a part of the page that comes in a file of its own, and tries again for ever: a server that is away for a moment
 * must cost the charts, never the page. After an upgrade the old file is gone for good; the page then says to reload.
 */
export async function loadPersistently<T>(load: () => Promise<T>): Promise<T> {
  for (let delayMs = firstRetryMs; ; delayMs = Math.min(mostRetryMs, delayMs * 2)) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
