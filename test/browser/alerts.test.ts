import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { manyAlerts } from "./fake-api/alerts-scene.ts";
import { hostileAlerts } from "./fake-api/respond-hostile.ts";
import { fakeToken } from "./fake-api/server.ts";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};
const views = ["/alerts", "/alerts?view=rules", "/alerts?view=history", "/alerts?view=silences"];
const ready = (page: Page) => page.getByRole("heading", { level: 2 }).first().waitFor();

describePages("alerts", ({ api, open }) => {
  it("tells what fires by episode: whom it pages, who has it, what is suppressed and what is unknown", async () => {
    const { page, complaints } = await open("/alerts");
    await page.getByRole("heading", { level: 1, name: "1 critical alert fires, and 2 below it." }).waitFor();
    const acme = page.getByRole("region", { name: "Underperforming: customer acme" });
    await acme.getByText(/main: paging, nobody has acknowledged, next step in \d/).waitFor();
    await acme.getByText("told: alice by telegram, ops by slack").waitFor();
    expect(await acme.getByRole("link", { name: "INC-12" }).first().getAttribute("href")).toBe("/incidents/INC-12");
    await page.getByText(/acknowledged by bob; pages again in/).waitFor();
    const untold = page.getByRole("region", { name: "Nobody is told" });
    await untold.getByText(/suppressed by silence s-1 until/).waitFor();
    await untold.getByText("facts unknown").waitFor();
    await untold.getByText(/pending for \d+ s/).waitFor();
    await acme.getByText("12.7 % of acme's validators underperform").click();
    await acme.getByText("3. Restart the execution client, never a signer.").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("silences an alert in two clicks, its labels filled in, and ends the silence", async () => {
    const { page, complaints } = await open("/alerts");
    await press(page, /^Silence UpstreamNotReady/);
    await reads(page, "Covers 1 alert now.");
    await press(page, "Silence for 2 h");
    await giveToken(page);
    await reads(page, /silence s-2 is in force. Audit record/);
    const [{ body } = { body: undefined }] = api().asked;
    expect(body).toMatchObject({
      matchers: [
        { name: "alertname", op: "=", value: "UpstreamNotReady" },
        { name: "group", op: "=", value: "main" },
        { name: "node", op: "=", value: "bn-2" },
      ],
      comment: "Known: bn-2 of group main has not been ready for 10 minutes",
    });
    expect((body as { endsAt: number }).endsAt - Date.now()).toBeGreaterThan(7_000_000);
    await press(page, /^Silences 2/);
    await press(page, /^End the silence of alertname="UpstreamNotReady"/);
    await press(page, "End it");
    await reads(page, "silence s-2 has ended.");
    expect(complaints).toEqual([]);
  });

  it("begins a silence by hand, and sends it only when it is whole", async () => {
    const { page } = await open("/alerts?view=silences");
    await press(page, "New silence…");
    const confirm = page.getByRole("button", { name: "Silence for 8 h" });
    await page.getByRole("combobox", { name: "For" }).selectOption("8 h");
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Value 1" }).fill("X");
    await press(page, "Add a label");
    await page.getByRole("textbox", { name: "Label 2" }).fill("host");
    await page.getByRole("combobox", { name: "Condition 2" }).selectOption("=~");
    await page.getByRole("textbox", { name: "Value 2" }).fill("host-0[1-4]");
    await reads(page, "With a pattern the server says what it covers.");
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Why, for whoever looks next" }).fill("maintenance");
    await page.keyboard.press("Tab");
    await confirm.click();
    await giveToken(page);
    await reads(page, /is in force/);
    expect(api().asked[0]?.body).toMatchObject({ matchers: [{ value: "X" }, { op: "=~", value: "host-0[1-4]" }] });
  });

  it("tries a rule against history: firings, notices, and for how long it was blind", async () => {
    const { page, complaints } = await open("/alerts?view=rules");
    await page.getByRole("list", { name: "Rules" }).getByText("UpstreamNotReady").click();
    await page.getByRole("combobox", { name: "Hours of history" }).first().selectOption("72 h");
    await press(page, "Try against history");
    await giveToken(page);
    const result = page.getByRole("group", { name: "Result of the backtest" });
    await result.getByText("12 min").waitFor();
    await result.getByText("2 first, 1 again, 1 at the end").waitFor();
    await result.getByText("fires at the end").waitFor();
    await result.getByText(/Nothing is known about disk_days_to_full/).waitFor();
    expect(api().asked[0]).toEqual({ path: "/alerts/backtest", body: { alert: "UpstreamNotReady", hours: 72 } });
    expect(complaints).toEqual([]);
  });

  it("has view, filter and severity in its address, and reads older history on demand", async () => {
    const { page } = await open("/alerts?find=acme&severity=critical");
    await reads(page, "12.7 % of acme's validators underperform");
    expect(await page.getByRole("region").count()).toBe(2 + 1);
    await page.keyboard.press("/");
    await page.keyboard.type("zzz");
    await page.waitForURL(/find=acmezzz/);
    await reads(page, "No alert matches.");
    await page.goto(`${api().url}/alerts?view=history&alert=FinalityLag`);
    await reads(page, "History of FinalityLag");
    await page.goto(`${api().url}/alerts?view=history`);
    await reads(page, "100 changes, and older ones");
    await press(page, "Show older changes");
    await press(page, "Show older changes");
    await reads(page, /^240 changes$/);
  });

  it("stays quick with 500 alerts, and shows all of them when asked", async () => {
    api().alerts.page = (now) => manyAlerts(now, 500);
    const { page, complaints } = await open("/alerts");
    await ready(page);
    await page.getByRole("searchbox", { name: "Filter alerts" }).fill("host-499", { timeout: 2_000 });
    await page.getByText("bn-499 has not been ready for 10 minutes").first().waitFor({ timeout: 2_000 });
    await page.getByRole("searchbox", { name: "Filter alerts" }).fill("");
    const group = page.getByRole("region", { name: "UpstreamNotReady in group main" });
    await group.getByRole("button", { name: "Show all 251" }).click();
    await group.getByText("bn-498 has not been ready for 10 minutes").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  it("says that it does not know when its data stands still", async () => {
    api().alerts.page = (now) => ({ ...manyAlerts(now, 0), at: now - 120_000 });
    const { page } = await open("/alerts");
    await page.getByRole("heading", { level: 1, name: "What fires now is unknown." }).waitFor();
    await reads(page, /^Last known .*1 critical alert fires/);
  });

  it("shows hostile strings as text, links to no script, and stays as wide as the screen", async () => {
    api().alerts.page = hostileAlerts;
    for (const options of [{}, phone]) {
      const { page, complaints } = await open("/alerts", options);
      await ready(page);
      for (const summary of await page.locator("summary[data-row-button]").all()) await summary.click();
      await reads(page, /javascript:window.pwned=1/);
      expect(await page.locator("a[href^=javascript]").count()).toBe(0);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await press(page, /^Silence constructor/);
      await page.getByRole("dialog").waitFor();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });

  it.each(["light", "dark"] as const)("hinders nobody, in %s and on a phone", async (colorScheme) => {
    for (const path of views)
      for (const options of [{ colorScheme }, { colorScheme, ...phone }]) {
        const { page, complaints } = await open(path, options);
        await ready(page);
        const first = page.locator("summary").first();
        if ((await first.count()) > 0) await first.click();
        expect(await auditPage(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
        await page.context().close();
      }
  });
});
