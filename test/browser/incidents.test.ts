import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { incidentOf } from "./fake-api/build-incident.ts";
import { fakeToken } from "./fake-api/server.ts";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};
const keys = async (page: Page, ...pressed: string[]) => {
  for (const key of pressed) await page.keyboard.press(key);
};

interface Box {
  x: number;
  y: number;
  right: number;
  bottom: number;
}
const overlaps = (a: Box, b: Box) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom;
/** Of the bar's parts, in the page. */
const boxesOf = `[...document.querySelector("header > div").children].map((part) => {
  const { x, y, right, bottom } = part.getBoundingClientRect();
  return { x, y, right, bottom };
})`;

describePages("incidents", ({ api, open }) => {
  const showIncidents = (...incidents: ReturnType<typeof incidentOf>[]) => {
    api().respond.incidents.incidents = incidents;
    api().pushRespond();
  };

  it("declares one from any page by the keyboard, with a title alone, and opens it", async () => {
    api().pushRespond();
    const { page, complaints } = await open("/nodes");
    await page.getByRole("button", { name: "bn-1" }).waitFor();
    await keys(page, "d");
    expect(await page.getByRole("button", { name: "Declare", exact: true }).isDisabled()).toBe(true);
    await page.keyboard.type("Peers are falling");
    await keys(page, "Enter");
    await giveToken(page);
    await page.getByRole("heading", { level: 1, name: "INC-18 Peers are falling" }).waitFor();
    await reads(page, "It is not assessed yet.");
    await page.getByRole("link", { name: /^Incidents\s*1 open$/ }).waitFor();
    const [{ path, body }] = api().asked as [{ path: string; body: Record<string, unknown> }];
    expect(path).toBe("/incidents");
    expect(body).toEqual({
      title: "Peers are falling",
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(complaints).toEqual([]);
  });

  it("keeps what was typed when the server refuses, and declares it with the same key then", async () => {
    api().pushRespond();
    const { page } = await open("/incidents");
    await reads(page, "No incident is open.");
    await press(page, "Declare…");
    await page.getByRole("textbox", { name: "What is wrong" }).fill("Disk full");
    await page.getByRole("combobox", { name: "Severity" }).selectOption("sev3");
    await page.getByRole("combobox", { name: "Page" }).selectOption("night");
    api().refuseNext(502, { error: { code: "unreachable", message: "The store does not answer." } });
    await press(page, "Declare");
    await giveToken(page);
    await reads(page, "Nothing was declared for certain. The store does not answer.");
    await page.getByRole("dialog").getByRole("button", { name: "Declare" }).click();
    await page.getByRole("heading", { level: 1, name: "INC-18 Disk full" }).waitFor();
    const bodies = api().asked.map(({ body }) => body as Record<string, unknown>);
    expect(bodies[0]).toMatchObject({ title: "Disk full", severity: "sev3", page: "night" });
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it("finds open incidents and the dialog in the palette, and every page by its keys", async () => {
    showIncidents(incidentOf(Date.now()));
    const { page } = await open("/");
    await page.getByRole("link", { name: /^Incidents\s*1 open$/ }).waitFor();
    await keys(page, "Control+k");
    await page.keyboard.type("inc-17");
    await keys(page, "Enter");
    await page.getByRole("heading", { level: 1, name: "INC-17 Half of the validators miss" }).waitFor();
    await keys(page, "Control+k");
    await page.keyboard.type("declare");
    await keys(page, "Enter");
    await page.getByRole("dialog", { name: "Declare an incident" }).waitFor();
    await keys(page, "Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    for (const [key, path] of [
      ["a", "/alerts"],
      ["c", "/on-call"],
      ["u", "/audit"],
      ["s", "/settings"],
      ["i", "/incidents"],
    ] as const) {
      await keys(page, "g", key);
      await page.waitForURL(`**${path}`);
    }
    // "g a" on an incident's page leads away, and acknowledges nothing.
    await page.getByRole("link", { name: /INC-17/ }).click();
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
    await keys(page, "g", "a");
    await page.waitForURL("**/alerts");
    expect(api().asked).toEqual([]);
    expect(api().tokensSeen).toEqual([]);
  });

  it("lists the open ones worst first, those that are over apart, and steps through them by keys", async () => {
    const now = Date.now();
    showIncidents(
      incidentOf(now, { reference: "INC-1", severity: "sev4", title: "Small", declaredAt: now - 1_000 }),
      incidentOf(now, { reference: "INC-2", severity: "sev1", title: "Slashed", declaredAt: now - 2_000 }),
      incidentOf(now, {
        reference: "INC-3",
        title: "Long ago",
        status: "resolved",
        resolvedAt: now - 3_000,
        declaredAt: now - 9_000,
      }),
    );
    const { page, complaints } = await open("/incidents");
    await page.getByRole("link", { name: "INC-2 Slashed" }).waitFor();
    const names = () => page.locator("tbody [data-row-button]").allInnerTexts();
    expect(await names()).toEqual(["INC-2 Slashed", "INC-1 Small"]);
    await keys(page, "j", "j", "Enter");
    await page.getByRole("heading", { level: 1, name: "INC-1 Small" }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "INC-2 Slashed" }).waitFor();
    await keys(page, "v");
    await page.getByRole("row", { name: /INC-3 Long ago resolved .* took 6 s/ }).waitFor();
    expect(await names()).toEqual(["INC-3 Long ago"]);
    expect(page.url()).toContain("state=over");
    expect(complaints).toEqual([]);
  });

  it("shows a change within a second, wherever it was made", async () => {
    showIncidents(incidentOf(Date.now()));
    const { page } = await open("/incidents/INC-17");
    await reads(page, "triage");
    showIncidents(incidentOf(Date.now(), { title: "Two thirds miss", status: "identified" }));
    await page.getByRole("heading", { level: 1, name: "INC-17 Two thirds miss" }).waitFor({ timeout: 1_500 });
  });

  it("reads on where there are more incidents than one page holds", async () => {
    const now = Date.now();
    showIncidents(
      ...Array.from({ length: 200 }, (_, index) =>
        incidentOf(now, {
          reference: `INC-${index + 1}`,
          status: "resolved",
          resolvedAt: now,
          declaredAt: now - index * 60_000,
        }),
      ),
    );
    const { page, complaints } = await open("/incidents?state=over", phone);
    await page.getByRole("link", { name: /^INC-100 / }).waitFor();
    await press(page, "Show older ones");
    await page.getByRole("link", { name: /^INC-200 / }).waitFor();
    expect(await page.getByRole("button", { name: "Show older ones" }).count()).toBe(0);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  it("shows two hundred open ones at once, the worst first though it is the oldest", async () => {
    const now = Date.now();
    const many = Array.from({ length: 200 }, (_, index) =>
      incidentOf(now, {
        ...{ reference: `INC-${index + 1}`, declaredAt: now - index * 60_000 },
        severity: index === 199 ? "sev1" : "sev3",
      }),
    );
    showIncidents(...many);
    const { page, complaints } = await open("/incidents");
    await page.getByRole("link", { name: /^Incidents\s*200 open$/ }).waitFor();
    await page.locator("tbody [data-row-button]").first().waitFor();
    expect(await page.locator("tbody [data-row-button]").count()).toBe(200);
    expect(await page.locator("tbody [data-row-button]").first().innerText()).toMatch(/^INC-200 /);
    showIncidents(...many.slice(1));
    await page.getByRole("link", { name: /^Incidents\s*199 open$/ }).waitFor({ timeout: 1_500 });
    expect(complaints).toEqual([]);
  });

  it("keeps the bar whole at every width, with the open page's entry in view", async () => {
    showIncidents(
      ...Array.from({ length: 12 }, (_, index) => incidentOf(Date.now(), { reference: `INC-${index + 1}` })),
    );
    const { page } = await open("/settings", { viewport: { width: 1280, height: 700 } });
    await page.getByRole("link", { name: /^Incidents\s*12 open$/ }).waitFor();
    await api().stop();
    await page.getByText(/^reconnecting, \d+ s$/).waitFor();
    for (const width of [1920, 1400, 1300, 1280, 1240, 1100, 900, 760, 480, 360]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await overflow(page), `${width}`).toBeLessThanOrEqual(0);
      const parts = await page.evaluate<Box[]>(boxesOf);
      for (const [at, box] of parts.entries())
        for (const other of parts.slice(at + 1))
          expect(overlaps(box, other), `${width}: ${JSON.stringify([box, other])}`).toBe(false);
    }
    await api().start();
    for (const name of ["Now", "Settings"]) {
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
      const link = await page.locator("nav [data-status=active]").boundingBox();
      expect(link?.x, name).toBeGreaterThanOrEqual(0);
      expect((link?.x ?? 0) + (link?.width ?? 0), name).toBeLessThanOrEqual(360);
    }
  });

  it("says what an unknown one is, and shows nothing of an embargoed one", async () => {
    const now = Date.now();
    showIncidents(
      incidentOf(now, { type: "vulnerability", isEmbargoed: true, title: "Embargoed", summary: "marker-1" }),
    );
    const { page } = await open("/incidents/INC-99");
    await reads(page, "There is no incident INC-99.");
    await page.goto(`${api().url}/incidents`);
    const row = page.getByRole("row", { name: /INC-17 embargoed/ });
    await row.waitFor();
    await page.goto(`${api().url}/incidents/INC-17`);
    await page.getByRole("heading", { level: 1, name: "INC-17 is embargoed" }).waitFor();
    const text = await page.locator("main").innerText();
    expect(text).not.toContain("marker-1");
    expect(text).not.toContain("vc-2");
    expect(await page.locator("main button").count()).toBe(0);
    // To a responder the same page shows all, with the mark.
    showIncidents(incidentOf(now, { type: "vulnerability", isEmbargoed: true, title: "Key in a crash report" }));
    await page.getByRole("heading", { level: 1, name: "INC-17 Key in a crash report" }).waitFor();
    await reads(page, "Embargoed: keep it inside the circle of responders.");
  });
});
