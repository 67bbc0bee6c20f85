import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { systemClock } from "../../src/lib/clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startUnderTest, waitForOk, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";
import { buildWebOnce, chromiumPath, launchBrowser, openPage, type WatchedPage } from "./browser.ts";

const slotDurationMs = 2_000;

/** The pages on `slotkeeper up`: the real server, its headers and its stream, over simulated beacon nodes. */
describe.skipIf(chromiumPath === undefined)("pages of the real program", () => {
  let browser: Browser;
  let nodes: SimBeaconNode[] = [];
  let slotkeeper: SlotkeeperUnderTest | undefined;
  const watched: WatchedPage[] = [];

  beforeAll(async () => {
    await buildWebOnce();
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    // Well into the chain, so that there are checkpoints to show.
    const chain = createSimChain({
      seed: "pages",
      slotDurationMs,
      genesisTimeMs: now - 60 * slotDurationMs,
      validators: 64,
    });
    nodes = await Promise.all(
      ["bn1", "bn2", "bn3"].map((name) => startSimBeaconNode({ chain, clock: systemClock, name })),
    );
    const started = await startUnderTest("up", nodes);
    slotkeeper = started;
    // The gateway serves without waiting for the monitor, which has the pages.
    await waitForOk(`${started.pageUrl}/healthz`, 20_000, () => `The page does not answer:\n${started.log()}`);
  });
  afterEach(async () => {
    await Promise.all(watched.splice(0).map(({ page }) => page.context().close()));
    await slotkeeper?.stop();
    slotkeeper = undefined;
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
  });

  async function open(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<WatchedPage> {
    const opened = await openPage(browser, `${slotkeeper?.pageUrl}${path}`, options);
    watched.push(opened);
    return opened;
  }

  it("shows the nodes, one that stops within a second and without reload, and the same under a link", async () => {
    const { page, complaints } = await open("/");
    for (const name of ["bn1", "bn2", "bn3"])
      await page.getByRole("link", { name: new RegExp(`${name}\\s*ready`) }).waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    expect(await page.title()).toBe("fine · Slotkeeper");

    await nodes[1]?.stop();
    await page.getByRole("link", { name: /bn2\s*down\s*connection refused/ }).waitFor({ timeout: 1_000 });
    await page.waitForFunction("document.title === '⚠ bn2 down · Slotkeeper'", undefined, { timeout: 1_000 });

    await page.getByRole("link", { name: /bn2\s*down/ }).click();
    await page.waitForURL("**/nodes?open=*");
    const details = page.getByText("Nothing listens at the node's address").first();
    await details.waitFor();
    await page.reload();
    await details.waitFor();
    await page.getByRole("row", { name: /bn2\s*down/ }).waitFor();
    await page.getByRole("row", { name: /bn1\s*ready/ }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    expect(complaints).toEqual([]);
  });
});
