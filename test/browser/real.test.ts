import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { readApiToken } from "../../src/access/api-token.ts";
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
  let genesisTimeMs = 0;
  let slotkeeper: SlotkeeperUnderTest | undefined;
  const watched: WatchedPage[] = [];

  beforeAll(async () => {
    await buildWebOnce();
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    // Well into the chain, so that there are checkpoints to show.
    genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 60 * slotDurationMs;
    const chain = createSimChain({
      seed: "pages",
      slotDurationMs,
      genesisTimeMs,
      validators: 64,
    });
    nodes = await Promise.all(
      ["bn1", "bn2", "bn3"].map((name) => startSimBeaconNode({ chain, clock: systemClock, name })),
    );
    const started = await startUnderTest("up", nodes, { allowFaults: true });
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

  const tokenPath = () => join(dirname(slotkeeper?.configFile ?? ""), "data", "api-token");
  const slotNow = () => Math.floor((Date.now() - genesisTimeMs) / slotDurationMs);

  async function open(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<WatchedPage> {
    const opened = await openPage(browser, `${slotkeeper?.pageUrl}${path}`, options);
    watched.push(opened);
    return opened;
  }

  it("holds and releases signing, drains a node, and drills another, all at the real gateway", async () => {
    const { page, complaints } = await open("/nodes");
    const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();
    const duties = `${slotkeeper?.gatewayUrl}/eth/v1/validator/attestation_data?slot=${slotNow()}&committee_index=0`;
    await press("Hold signing…");
    await page.getByRole("textbox", { name: /Reason/ }).fill("a test");
    await press("Hold signing of main");
    await page.getByRole("textbox", { name: "Token" }).fill(readApiToken(tokenPath()));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Signing of main is on hold/ }).waitFor();
    const refused = await fetch(duties);
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("hold")]);
    await press("Release…");
    await press("Let main sign again");
    await page.getByText(/the hold on group main is released\. Audit record \d+\./).waitFor();
    expect((await fetch(duties)).status).toBe(200);

    await press("bn3");
    await press("Drain…");
    await press("Drain bn3");
    await page.getByText("Out of service, in maintenance: it may be stopped.").waitFor();
    await press("Return to service…");
    await press("Return bn3");
    await page.getByText(/bn3 is in service again\. Audit record \d+\./).waitFor();

    await press("bn2");
    await press("Run drill…");
    await page.getByRole("combobox", { name: "Fault" }).selectOption("refuse");
    await press("Show refuse on bn2");
    // A gateway that has just started does not know the proposals yet: a finding that a person may overrule.
    await press("Run it all the same");
    await page.getByRole("row", { name: /bn2\s*(?:down|suspect)\s*drill/ }).waitFor({ timeout: 20_000 });
    await press("Abort");
    const past = page.getByRole("list", { name: "Past drills" });
    await past.getByText(/refuse\s*on bn2/).waitFor({ timeout: 60_000 });
    await past.getByText("aborted").waitFor();
    // The browser's own words about the refusal that was overruled, and nothing else.
    expect(complaints).toEqual([expect.stringContaining("409")]);
  });

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
