import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import { buildWebOnce, chromiumPath, launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { startFakeApi, type FakeApi } from "./fake-api/server.ts";

export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true };
export const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");

interface Pages {
  /** The fake API of this test; it shows the scene "fine" first. */
  api: () => FakeApi;
  /** Opens a page of it, closed after the test. */
  open: (path: string, options?: Parameters<typeof openPage>[2]) => Promise<WatchedPage>;
}

/** A suite over the built page, a browser, and a fake API of its own for each test; skipped, in so many words, without a browser. */
export function describePages(name: string, tests: (pages: Pages) => void): void {
  describe.skipIf(chromiumPath === undefined)(name, () => {
    let browser: Browser;
    let api: FakeApi;
    let watched: WatchedPage[] = [];

    beforeAll(async () => {
      await buildWebOnce();
      browser = await launchBrowser();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      api = await startFakeApi("fine");
    });
    afterEach(async () => {
      await Promise.all(watched.map(({ page }) => page.context().close()));
      watched = [];
      await api.end();
    });

    tests({
      api: () => api,
      async open(path, options = {}) {
        const opened = await openPage(browser, api.url + path, options);
        watched.push(opened);
        return opened;
      },
    });
  });
}
