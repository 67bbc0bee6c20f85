import { expect, it } from "vitest";
import { scenes, type SceneName } from "./fake-api/scenes.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";

describePages("pages", ({ api, open }) => {
  it("opens with the sentence, the nodes and the slot, in light and in dark, with nothing to complain of", async () => {
    const { page, complaints } = await open("/", { colorScheme: "light" });
    await page.getByRole("heading", { level: 1, name: "All three nodes are ready" }).waitFor();
    await page.getByRole("link", { name: /bn-2\s*ready/ }).waitFor();
    await page.getByText(/slot [\d,]+ epoch [\d,]+/).waitFor();
    await page.locator("canvas").nth(2).waitFor();
    const light = await page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    await page.getByRole("button", { name: "Theme: system. Change to light" }).click();
    await page.getByRole("button", { name: "Theme: light. Change to dark" }).click();
    await page.locator("html[data-theme=dark]").waitFor();
    const dark = await page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    expect(dark).not.toBe(light);
    await page.reload();
    await page.locator("html[data-theme=dark]").waitFor();
    expect(complaints).toEqual([]);
  });

  it("follows the system's theme unless told otherwise", async () => {
    const { page } = await open("/", { colorScheme: "dark" });
    await page.locator("canvas").nth(2).waitFor();
    await page.locator("html[data-theme=dark]").waitFor();
    await page.emulateMedia({ colorScheme: "light" });
    await page.locator("html[data-theme=light]").waitFor();
  });

  it("shows a node going down within a second", async () => {
    const { page, complaints } = await open("/");
    await page.getByRole("link", { name: /bn-2\s*ready/ }).waitFor();
    api().show("oneDown");
    await page.getByRole("link", { name: /bn-2\s*down\s*connection refused/ }).waitFor({ timeout: 1_000 });
    await page.getByRole("heading", { level: 1, name: "bn-2 is down" }).waitFor({ timeout: 1_000 });
    expect(await page.title()).toBe("⚠ bn-2 down · Slotkeeper");
    expect(await page.locator("link[rel=icon]").getAttribute("href")).toBe("/mark-warn.svg");
    expect(complaints).toEqual([]);
  });

  it("adds a transition to the record as it happens, and opens to the reason's long text", async () => {
    const { page } = await open("/");
    await page.getByRole("heading", { name: "Recent changes" }).waitFor();
    const reason = "el-offline" as never;
    api().tell({
      id: 900,
      gateway: "gateway",
      group: "main",
      node: "bn-3",
      at: Date.now(),
      kind: "health",
      from: "ready",
      to: "suspect",
      reason,
      detail: "el_offline is true",
    });
    await page.getByText("bn-3 ready → suspect execution client offline").click();
    await page.getByText("so its head is not verified").waitFor();
  });

  it("says that it reconnects, greys what it last knew, and comes back by itself", async () => {
    const { page } = await open("/");
    await page.getByRole("link", { name: /bn-2\s*ready/ }).waitFor();
    await api().stop();
    await page.getByText(/^reconnecting, \d+ s$/).waitFor({ timeout: 3_000 });
    await page.getByRole("heading", { level: 1, name: /^Unknown for \d+ s/ }).waitFor({ timeout: 15_000 });
    await page.getByRole("link", { name: /bn-2\s*unknown\s*was ready/ }).waitFor();
    api().show("oneDown");
    await api().start();
    await page.getByText("live", { exact: true }).waitFor({ timeout: 10_000 });
    await page.getByRole("link", { name: /bn-2\s*down/ }).waitFor();
  });

  it("keeps the page when the file of the charts cannot be loaded, and draws them once it can", async () => {
    const { page } = await open("/nodes");
    await page.getByRole("button", { name: "bn-1" }).waitFor();
    await page.route("**/time-chart-*.js", (route) => route.abort());
    await page.getByRole("link", { name: "Now", exact: true }).click();
    await page.getByText("Loading the charts.").waitFor();
    await page.getByRole("heading", { level: 1, name: "All three nodes are ready" }).waitFor();
    await page.unroute("**/time-chart-*.js");
    await page.locator("canvas").nth(2).waitFor();
  });

  it("notices a server that is frozen with its sockets open", async () => {
    const { page } = await open("/");
    await page.getByText("live", { exact: true }).waitFor();
    api().freeze();
    await page.getByText(/^reconnecting, /).waitFor({ timeout: 20_000 });
  });

  it("never calls stale data fine, though the connection is live", async () => {
    api().show("stale");
    const { page } = await open("/");
    await page.getByRole("heading", { level: 1, name: "Unknown for 2 min" }).waitFor();
    await page.getByText("This data is 2 min old.").waitFor();
    await page.getByText("connected, data stale").waitFor();
    expect(await page.getByRole("link", { name: /unknown\s*was ready/ }).count()).toBe(3);
  });

  it("says what to do when nothing is configured, and when the API is away from the start", async () => {
    api().show("empty");
    const { page, complaints } = await open("/");
    await page.getByText("No gateway and no beacon node is configured.").waitFor();
    await page.getByText("No change has been recorded.").waitFor();
    await page.getByText("Nothing has been recorded yet.").waitFor();
    expect(complaints).toEqual([]);
    await page.route("**/api/**", (route) => route.abort());
    await page.reload();
    await page.getByText("The state of your nodes cannot be read.").waitFor();
  });

  it("tells where a group's figures come from without a mouse", async () => {
    const { page, complaints } = await open("/", phone);
    await page.getByRole("button", { name: "Sources" }).click();
    await page.getByText(/^head slot \d+, root 0x[0-9a-f]+\s+view of group main, from gateway/).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  it("reads the charts by arrow keys", async () => {
    const { page } = await open("/");
    const chart = page.getByRole("img", { name: /^Requests a second\./ });
    await chart.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.getByText(/\d\d:\d\d:\d\d UTC: requests a second [\d.]+, failed \d+/).waitFor();
  });

  it.each(Object.keys(scenes) as SceneName[])("fits a phone, scene %s", async (scene) => {
    api().show(scene);
    for (const path of ["/", "/nodes"]) {
      const { page, complaints } = await open(path, phone);
      await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
      const first = page.locator("[data-row-button]").first();
      if (path === "/nodes" && (await first.count()) > 0) await first.click();
      expect(await overflow(page), `${scene} ${path}`).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });

  it("shows hostile strings as text and runs none of them", async () => {
    api().show("hostile");
    const { page, complaints } = await open("/");
    await page.getByRole("heading", { level: 1, name: /A node says "><img src=x/ }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByRole("button", { name: "constructor" }).click();
    await page.getByText("javascript:window.pwned=1").waitFor();
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await page.evaluate<boolean>(String.raw`/[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)`)).toBe(
      false,
    );
    expect(complaints).toEqual([]);
  });

  it("loads within its bounds of weight and time", async () => {
    const { page } = await open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("canvas").nth(2).waitFor();
    const bytes = await page.evaluate<number>(
      "performance.getEntriesByType('resource').filter((e) => !e.name.includes('/api/')).reduce((sum, e) => sum + e.encodedBodySize, performance.getEntriesByType('navigation')[0].encodedBodySize)",
    );
    const paintedMs = await page.evaluate<number>(
      "performance.getEntriesByName('first-contentful-paint')[0].startTime",
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(250_000);
    expect(paintedMs).toBeLessThan(1_000);
  });
});
