import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow } from "./describe-pages.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const map = (page: Page) => page.getByRole("application");
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
/** What stands above the heatmap about the place that is pointed at. */
const reading = (page: Page) =>
  page.locator("canvas[role=application]").locator("xpath=preceding-sibling::p").innerText();

describePages("pages of validators", ({ api, open }) => {
  it("are reached by keyboard and palette, and open a validator by its index", async () => {
    api().showDuties({});
    const { page, complaints } = await open("/");
    await heading(page);
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await page.waitForURL("**/validators");
    await page.getByRole("heading", { level: 1, name: "Every duty is judged" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("host-03");
    await page.getByText("20 of 20 validators shown").waitFor();
    await page.getByRole("link", { name: /^500,120\s/ }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("500123");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/validators/500123");
    await page.getByRole("heading", { level: 1, name: "Validator 500,123" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("tells each cohort against the network, sorts the worst on top, and narrows everything to one", async () => {
    api().showDuties({});
    const { page, complaints } = await open("/validators?key=host");
    const table = page.getByRole("table", { name: "Cohorts by host" });
    await table.getByRole("button", { name: "Uptime" }).click();
    await page.waitForURL(/sort=uptime/);
    const rows = table.getByRole("row");
    expect(await rows.nth(1).innerText()).toContain("the whole network");
    expect((await rows.nth(2).innerText()).replaceAll("\u00a0", " ")).toMatch(
      /^host-07[\s\S]*96\.84 %\s*−2\.64 net\s*−2\.7\d before/,
    );
    await table.getByRole("button", { name: "host-07" }).click();
    await page.getByText("host host-07: 20 validators, 225 epochs").waitFor();
    await page.getByText("20 of 20 validators shown").waitFor();
    expect(api().read).toContainEqual(expect.stringMatching(/heatmap\?.*key=host&value=host-07/));
    await page.getByRole("button", { name: "By effective balance" }).click();
    await page.waitForURL(/by=stake/);
    await table.getByRole("button", { name: "host-07", pressed: true }).click();
    await page.getByText("all that are watched: 400 validators").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shouts at one key with two owners, and at nobody otherwise", async () => {
    api().showDuties({ hasConflict: true });
    const { page } = await open("/validators");
    await page.getByRole("alert").getByText("1 key with two owners.").waitFor();
    await page.getByText("vc-1 (by acme.csv) against vc-2 (by keymanager vc-2)").waitFor();
    api().showDuties({ hasConflict: false, validators: 399 });
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  it("shouts at a key in two validator clients, and tells of each source, place and finding what is wrong", async () => {
    api().showDuties({ hasTrouble: true });
    const { page, complaints } = await open("/validators");
    await page.getByRole("alert").getByText("1 key loaded in two places.").waitFor();
    const inventory = page.getByRole("region", { name: "Inventory" });
    const first = async (list: string) =>
      (await inventory.getByRole("list", { name: list }).getByRole("listitem").first().innerText()).replace(
        /\s+/g,
        " ",
      );
    expect(await first("Sources")).toMatch(/^vc-2 validator client: 0 validators, /);
    expect(await first("Keys loaded")).toMatch(/^vc-1 .*200 loaded, 1 ALSO LOADED ELSEWHERE/);
    await inventory.getByText("acme.csv").click();
    await inventory.getByText("line 17: 3 cells where the first line has 4").waitFor();
    await inventory.getByText(/^acmee/).click();
    await inventory.getByText("validators 500,003 and 500,004 name it").waitFor();
    expect(await auditPage(page)).toEqual([]);
    expect(complaints).toEqual([]);
    api().showDuties({ hasTrouble: false, validators: 399 });
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  it("reads the heatmap by keyboard: crosshair, words, and the validator at that epoch", async () => {
    api().showDuties({});
    const { page, complaints } = await open("/validators");
    await map(page).focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => reading(page)).toMatch(/^epoch [\d,]+ \(provisional\), validator 500,000: \w+/);
    for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowDown");
    await expect.poll(() => reading(page)).toMatch(/validator 500,012: slashed$/);
    await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(() => reading(page)).toMatch(/\(final\), validator 500,012: slashed$/);
    const epoch = /^epoch ([\d,]+)/.exec(await reading(page))?.[1] ?? "";
    await page.locator("[aria-live=polite]").getByText(`epoch ${epoch}`).waitFor({ state: "attached" });
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/validators/500012?epoch=${epoch.replaceAll(",", "")}`);
    await page.getByRole("button", { name: epoch, expanded: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("draws 100,000 validators, shows the bad host, zooms and pans by mouse, and opens the worst under the pointer", async () => {
    api().showDuties({ validators: 100_000 });
    const { page, complaints } = await open("/validators");
    await page.getByText("all that are watched: 100,000 validators").waitFor();
    await map(page).scrollIntoViewIfNeeded();
    const box = await map(page).boundingBox();
    if (box === null) throw new Error("The heatmap is not drawn.");
    // The bad host's rows are the seventh twentieth; the newest epochs are at the right edge.
    const inner = { left: box.x + 74, top: box.y + 16, width: box.width - 74, height: box.height - 36 };
    const bad = { x: inner.left + inner.width - 12, y: inner.top + (6.5 / 20) * inner.height };
    await page.mouse.move(bad.x, bad.y);
    const lost = async (): Promise<number> => Number(/([\d.]+)\s%/.exec(await reading(page))?.[1] ?? -1);
    await expect.poll(lost).toBeGreaterThan(20);
    expect(await reading(page)).toMatch(/256 validators .* missed/);
    await page.mouse.move(bad.x - 300, bad.y);
    await expect.poll(lost).toBeLessThan(5);
    await page.mouse.move(inner.left + 5, inner.top + 5);
    // Red over blue at the usual noise and at the bad host, from one strip of pixels between them.
    const [usual = 0, lossy = 0] = await page.evaluate<number[]>(
      `(() => { const c = document.querySelector("canvas[role=application]"); const r = c.getBoundingClientRect();
        const { data } = c.getContext("2d").getImageData(${bad.x} - 300 - r.x, ${bad.y} - r.y, 301, 1);
        return [0, 300].map((at) => data[at * 4] - data[at * 4 + 2]); })()`,
    );
    expect(lossy).toBeGreaterThan(usual + 30);

    await page.mouse.move(bad.x, bad.y);
    for (let turn = 0; turn < 16; turn++) await page.mouse.wheel(0, -300);
    await expect.poll(() => reading(page)).toMatch(/, validator 5[89]\d,\d{3}: \w+/);
    const before = await reading(page);
    await page.mouse.down();
    await page.mouse.move(bad.x, bad.y + 120, { steps: 6 });
    await page.mouse.up();
    await page.mouse.move(bad.x, bad.y + 1);
    await expect.poll(() => reading(page)).not.toBe(before);
    expect(page.url()).toMatch(/\/validators$/);
    await page.mouse.click(bad.x, bad.y);
    await page.waitForURL(/\/validators\/5[89]\d{4}\?epoch=\d+/);
    expect(complaints).toEqual([]);
  });

  it("says what a cell is that is not stored, and that a whole column is missing", async () => {
    api().showDuties({});
    const { page } = await open("/validators");
    await map(page).focus();
    await page.keyboard.press("ArrowDown");
    for (let step = 0; step < 12; step++) await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(() => reading(page)).toMatch(/\(not stored\), validator 500,000: unknown$/);
  });

  it("shows the proof of a loss, and says why where there is none", async () => {
    api().showDuties({});
    const { page, complaints } = await open("/validators/500012");
    await page.getByText("active slashed").waitFor();
    const button = page
      .getByRole("table", { name: /Duties by epoch/ })
      .getByRole("button")
      .nth(4);
    await button.click();
    await page.getByText("No canonical block holds its vote.").waitFor();
    await page.getByText("no vote of this validator was seen for this slot").waitFor();
    await page.getByText(/^slotkeeper validators why 500012 --epoch \d+$/).waitFor();
    await page.getByText(/32,702 of 32,875 votes included/).waitFor();
    const old = Number(/epoch=(\d+)/.exec(page.url())?.[1]) - 130;
    await page.goto(`${api().url}/validators/500015?epoch=${old}`);
    await page.getByText(`No node holds the state of epoch ${old} any more.`).waitFor();
    expect(complaints).toEqual([]);
    await page.goto(`${api().url}/validators/77`);
    await page.getByText("Validator 77 is not watched.").waitFor();
  });

  it("puts duties on Now: chart, gap, causes, budgets, next; and one quiet line without validators", async () => {
    const { page, complaints } = await open("/");
    await page.getByText("No validator is watched.").waitFor();
    api().showDuties({});
    await page.getByRole("img", { name: /^Attestations included\. epoch [\d,]+ \(provisional\): ours/ }).waitFor();
    await page.getByText(/Epochs \d+ to \d+ could not be judged: state no longer held/).waitFor();
    await page.getByText("host host-07: 33,905 of 36,412 losses").waitFor();
    await page.getByText("14 % left, breaches in 3 h").waitFor();
    await page.getByText("0 % left, breached").waitFor();
    await page.getByText(/Proposals are known to epoch/).waitFor();
    await page.getByRole("list", { name: "Slots of the running epoch" }).waitFor();
    const chart = page.getByRole("img", { name: /^Attestations included\./ });
    await chart.focus();
    await page.keyboard.press("End");
    await page.getByText(/^epoch [\d,]+: network 9[\d.]+\s%, ours, provisional 9/).waitFor();
    expect(complaints).toEqual([]);
  });

  it("greys what is old and claims nothing", async () => {
    api().showDuties({ ageMs: 400_000 });
    const { page } = await open("/validators");
    await page.getByRole("heading", { level: 1, name: "Duties unknown for 6 min." }).waitFor();
    await page.getByText("Last known: “Every duty is judged").waitFor();
    api().showDuties({ ageMs: 0, state: "behind", sentence: "12 epochs behind: bn-1 answers slowly." });
    await page.getByRole("heading", { level: 1, name: "12 epochs behind" }).waitFor();
  });

  it("reads everything again when one more epoch is judged, told by the stream", async () => {
    api().showDuties({});
    const { page } = await open("/validators");
    await page.getByText("all that are watched: 400 validators").waitFor();
    const asked = () => api().read.filter((path) => path.startsWith("/cohorts")).length;
    const before = asked();
    api().showDuties({ validators: 380 });
    await page.getByText("all that are watched: 380 validators").waitFor();
    expect(asked()).toBeGreaterThan(before);
  });

  it.each([
    ["light", {}],
    ["dark and on a phone", { colorScheme: "dark", ...phone }],
  ] as const)("hinder nobody, in %s", async (_name, options) => {
    api().showDuties({ hasConflict: true });
    const { page, complaints } = await open("/", { colorScheme: "light", ...options });
    for (const path of ["/", "/validators?key=host&value=host-07&by=stake", "/validators/500012"]) {
      if (path !== "/") await page.goto(api().url + path);
      await heading(page);
      if (path === "/validators/500012") {
        await page
          .getByRole("table", { name: /Duties by epoch/ })
          .getByRole("button")
          .first()
          .click();
        await page.getByText("Check it by hand").waitFor();
      } else await page.locator("canvas").first().waitFor();
      expect(await auditPage(page), path).toEqual([]);
      expect(await overflow(page), path).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });

  it("load their own files only when they are opened", async () => {
    api().showDuties({});
    const { page } = await open("/");
    await page.locator("canvas").nth(3).waitFor();
    const files = () => page.evaluate<string>("performance.getEntriesByType('resource').map((e) => e.name).join(' ')");
    expect(await files()).not.toContain("validators-page");
    await page.getByRole("link", { name: "Validators", exact: true }).click();
    await map(page).waitFor();
    expect(await files()).toContain("validators-page");
  });
});
