import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { usualOnCall } from "./fake-api/on-call-scene.ts";
import { hostileOnCall } from "./fake-api/respond-hostile.ts";
import { fakeToken } from "./fake-api/server.ts";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};
const track = (page: Page, schedule: string) => page.locator(`[data-track="${schedule}"]`).first();

describePages("on call", ({ api, open }) => {
  it("tells who is on call and next on every clock, gaps in words, and findings first", async () => {
    const { page, complaints } = await open("/on-call");
    await page.getByRole("heading", { level: 1, name: "alice has primary, bob has backup." }).waitFor();
    expect(await page.getByRole("heading", { level: 2 }).first().innerText()).toBe(
      "What would leave a page without a reader",
    );
    const backup = page.getByRole("list", { name: "Schedules" }).getByRole("listitem").nth(1);
    await backup.getByText(/UTC · .* Europe\/Berlin · .* Asia\/Tokyo/).waitFor();
    expect(await backup.getByRole("link", { name: "Calendar (iCal)" }).getAttribute("href")).toBe(
      "/api/v1/oncall/backup/calendar.ics",
    );
    await page
      .getByRole("group", { name: "Schedule backup" })
      .getByText(/^Nobody for .* in 14 gaps, first from/)
      .waitFor();
    expect(
      await track(page, "backup")
        .getByTitle(/^nobody: /)
        .count(),
    ).toBeGreaterThanOrEqual(13);
    expect(
      await track(page, "primary")
        .getByTitle(/^carol, override: /)
        .count(),
    ).toBe(1);
    await page.getByRole("group", { name: "Schedule primary" }).getByText("The same as a list").click();
    await page.getByRole("group", { name: "Schedule primary" }).getByText("layer weekly").first().waitFor();
    await page.getByRole("group", { name: "Policy main" }).getByText("after 15 min").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says first where nobody is on call", async () => {
    api().alerts.onCall = (now) => {
      const usual = usualOnCall(now);
      return { ...usual, now: usual.now.map((one) => ({ ...one, person: undefined })) };
    };
    const { page } = await open("/on-call");
    await page.getByRole("heading", { level: 1, name: "Nobody is on call for primary, backup." }).waitFor();
  });

  it("makes an override by dragging over the strip", async () => {
    const { page, complaints } = await open("/on-call");
    const strip = track(page, "primary");
    await strip.scrollIntoViewIfNeeded();
    const box = await strip.boundingBox();
    if (box === null) throw new Error("the strip is not shown");
    const day = box.width / 14;
    await page.mouse.move(box.x + day * 4, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + day * 5.5, box.y + 12, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("dialog", { name: "Override the schedule" }).waitFor();
    await reads(page, /^1 d 12 h.*, in place of /);
    await page.getByRole("combobox", { name: "Person" }).selectOption("bob");
    await press(page, "Put bob on call");
    await giveToken(page);
    await reads(page, "bob has primary. Audit record");
    const { body } = api().asked[0] as { body: { fromAt: number; toAt: number } };
    expect(body).toMatchObject({ schedule: "primary", person: "bob" });
    expect([body.fromAt % 1_800_000, body.toAt % 1_800_000]).toEqual([0, 0]);
    expect(Math.abs(body.toAt - body.fromAt - 36 * 3_600_000)).toBeLessThanOrEqual(3_600_000);
    expect(complaints).toEqual([]);
  });

  it("opens nothing when the strip is only clicked", async () => {
    const { page } = await open("/on-call");
    await track(page, "primary").click({ position: { x: 200, y: 10 } });
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("makes an override by the keyboard alone, in the viewer's zone, and removes one", async () => {
    const { page, complaints } = await open("/on-call");
    await page.getByRole("button", { name: /^Add an override/ }).waitFor();
    await page.keyboard.press("o");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("carol");
    await page.getByLabel(/^From, in Europe\/Berlin/).fill("2026-12-24T18:00");
    await page.getByLabel(/^To, in Europe\/Berlin/).fill("2026-12-24T17:00");
    await reads(page, "It must end after it begins.");
    await page.getByLabel(/^To, in Europe\/Berlin/).fill("2026-12-25T02:00");
    await reads(page, /Thu 24 Dec, 17:00 UTC/);
    await page.keyboard.press("Enter");
    await giveToken(page);
    await reads(page, "carol has primary.");
    expect(api().asked[0]?.body).toEqual({
      ...{ schedule: "primary", person: "carol" },
      ...{ fromAt: Date.parse("2026-12-24T17:00Z"), toAt: Date.parse("2026-12-25T01:00Z") },
    });
    await press(page, "Remove the override of primary by carol");
    await press(page, "Remove it");
    await reads(page, "the override is removed.");
    expect(complaints).toEqual([]);
  });

  it("sends a test page and tells live how it fares, by contact and by all of them", async () => {
    const { page, complaints } = await open("/on-call");
    await press(page, "Send a test page to bob by telegram");
    await giveToken(page);
    const bob = page.getByRole("status", { name: "Test pages to bob" });
    await bob.getByText("telegram: being sent").waitFor();
    await bob.getByText("telegram: failed: chat not found (attempt 3)").waitFor({ timeout: 10_000 });
    await press(page, "Send a test page to alice by all contacts");
    const alice = page.getByRole("status", { name: "Test pages to alice" });
    await alice.getByText("email: accepted by the provider").waitFor({ timeout: 10_000 });
    expect(api().asked.map(({ body }) => body)).toEqual([{ person: "bob", channel: "telegram" }, { person: "alice" }]);
    const asked = api().read.filter((path) => path.startsWith("/pages")).length;
    await page.waitForTimeout(2_000);
    expect(api().read.filter((path) => path.startsWith("/pages")).length).toBe(asked);
    expect(complaints).toEqual([]);
  });

  it("shows hostile names as text, and stays as wide as the screen", async () => {
    api().alerts.onCall = hostileOnCall;
    for (const options of [{}, phone]) {
      const { page, complaints } = await open("/on-call", options);
      await reads(page, /is no zone that this browser knows/);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });

  it.each(["light", "dark"] as const)("hinders nobody, in %s and on a phone", async (colorScheme) => {
    for (const options of [{ colorScheme }, { colorScheme, ...phone }]) {
      const { page, complaints } = await open("/on-call", options);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await auditPage(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await press(page, "Add an override…");
      await page.getByRole("dialog").waitFor();
      expect(await auditPage(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });
});
