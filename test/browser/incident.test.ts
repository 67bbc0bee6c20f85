import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { incidentOf } from "./fake-api/build-incident.ts";
import { hostileText } from "./fake-api/scenes-hostile.ts";
import { fakeToken } from "./fake-api/server.ts";

const path = "/incidents/INC-17";
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};

describePages("one incident", ({ api, open }) => {
  const show = (part: Parameters<typeof incidentOf>[1] = {}) => {
    api().respond.incidents.incidents = [
      incidentOf(Date.now(), part),
      incidentOf(Date.now(), { reference: "INC-16", title: "Other" }),
    ];
    api().pushRespond();
  };

  it("answers the first look with evidence that leads to where it stands", async () => {
    show();
    const { page, complaints } = await open(path);
    await reads(page, "bn-2 is down: its execution client is offline.");
    for (const text of [
      "210 of 400 validators missed the last two epochs, while the network voted as usual.",
      "validatorClient vc-2",
      "execution client offline",
      /breaches in 3 h \d\d min/,
      "no breach at this rate",
      "bn-2 went from Geth 1.14.2 to 1.14.3",
      "geth: no space left on device (12 lines)",
      "channel_not_found",
      "If one node is named, drain it.",
      /paging by night, next step in \d min; 2 places told/,
    ])
      await reads(page, text);
    await page.getByRole("link", { name: "bn-2 ready → down, execution client offline" }).click();
    await page.waitForURL("**/nodes?open=gateway%2Fmain%2Fbn-2");
    await page.locator("[data-open-row]").waitFor();
    expect(complaints).toEqual([]);
  });

  it("is acknowledged by one key, isolated by an offer that says its price, and resolved; the timeline has it all", async () => {
    show();
    const { page, complaints } = await open(path);
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
    await page.keyboard.press("a");
    await giveToken(page);
    await reads(page, "INC-17 is acknowledged. Audit record 41.");
    expect(await page.getByRole("button", { name: "Acknowledged" }).isDisabled()).toBe(true);

    expect(await page.getByRole("button", { name: "Take out host-01…" }).isDisabled()).toBe(true);
    await reads(page, "It would leave a single ready node.");
    await press(page, "Hold signing of main…");
    const dialog = page.getByRole("dialog", { name: "Hold signing of main?" });
    await dialog.getByText("All 400 validators miss every epoch until a person releases it").waitFor();
    await dialog.getByRole("button", { name: "Leave it" }).click();
    await press(page, "Drain bn-2…");
    await page.getByRole("dialog").getByRole("button", { name: "Drain bn-2" }).click();
    await reads(page, "drain of bn-2 begins. Audit record 42.");

    await page.keyboard.press("r");
    await page.getByRole("dialog").getByText("2 alerts of it still fire.").waitFor();
    await page.getByRole("textbox", { name: /^What it was/ }).fill("The disk was full.");
    await press(page, "Resolve INC-17");
    await reads(page, "INC-17 is resolved. Audit record 43.");
    const entries = page.getByRole("list", { name: "Timeline" }).getByRole("listitem");
    await entries.first().getByText("resolved", { exact: true }).waitFor();
    expect((await entries.allInnerTexts()).slice(0, 3).map((text) => text.split(/\s/)[0])).toEqual([
      "resolved",
      "action",
      "acknowledged",
    ]);
    expect(await page.getByRole("button", { name: /^(Acknowledge|Resolve|Merge)/ }).count()).toBe(0);
    expect(api().asked).toMatchObject([
      { path: "/incidents/INC-17/acknowledge" },
      { path: "/incidents/INC-17/isolate", body: { offer: "o1" } },
      { path: "/incidents/INC-17/resolve", body: { summary: "The disk was full." } },
    ]);
    expect(complaints).toEqual([]);
  });

  it("updates only what was changed, gives roles, adds and ends tasks, and takes notes", async () => {
    show();
    const { page, complaints } = await open(path);
    await page.getByRole("button", { name: "Update…" }).waitFor();
    await page.keyboard.press("u");
    const update = page.getByRole("button", { name: "Update", exact: true });
    expect(await update.isDisabled()).toBe(true);
    await page.getByRole("combobox", { name: "Status" }).selectOption("identified");
    await page.getByRole("combobox", { name: "Severity" }).selectOption("sev1");
    await page.getByRole("textbox", { name: "Note for the timeline" }).fill("worse than it looked");
    await update.click();
    await giveToken(page);
    await reads(page, "worse than it looked. Audit record 41.");
    await reads(page, "identified");

    await press(page, "Give roles…");
    await page.getByRole("combobox", { name: /^commander/ }).fill("bob");
    await press(page, "Give roles");
    await reads(page, "updated INC-17. Audit record 42.");
    await page.getByRole("definition").filter({ hasText: "bob" }).waitFor();

    await page.getByRole("textbox", { name: "New task" }).fill("Order a disk");
    await page.getByRole("textbox", { name: "Who does it" }).fill("carol");
    await page.keyboard.press("Enter");
    await reads(page, "task added: Order a disk. Audit record 43.");
    await press(page, "Done: Order a disk");
    await page.getByRole("button", { name: "Open again: Order a disk" }).waitFor();

    await page.keyboard.press("n");
    await page.keyboard.type("disk ordered");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("list", { name: "Timeline" }).getByText("disk ordered").waitFor();
    expect(await page.getByRole("textbox", { name: "Note", exact: true }).inputValue()).toBe("");
    expect(api().asked.map((one) => one.body)).toEqual([
      { status: "identified", severity: "sev1", note: "worse than it looked" },
      { roles: { commander: "bob" } },
      { text: "Order a disk", owner: "carol" },
      { state: "done" },
      { text: "disk ordered" },
    ]);
    expect(complaints).toEqual([]);
  });

  it("takes back nothing that somebody else changed while the dialog was open", async () => {
    show();
    const { page } = await open(path);
    await press(page, "Update…");
    await page.getByRole("textbox", { name: "Note for the timeline" }).fill("seen");
    show({ status: "monitoring", title: "Renamed" });
    await page.getByText("Renamed").waitFor({ state: "attached" });
    await press(page, "Update");
    await giveToken(page);
    await reads(page, "seen. Audit record 41.");
    expect(api().asked[0]?.body).toEqual({ note: "seen" });
  });

  it("is merged into another that is open, and then leads there", async () => {
    show();
    const { page } = await open(path);
    await press(page, "Merge…");
    await page.getByRole("combobox", { name: "Into" }).selectOption("INC-16");
    await press(page, "Merge into INC-16");
    await giveToken(page);
    await page.getByRole("link", { name: "Open INC-16" }).click();
    await page.getByRole("heading", { level: 1, name: "INC-16 Other" }).waitFor();
  });

  it("keeps what was typed and says why when the server refuses", async () => {
    show();
    const { page } = await open(path);
    await press(page, "Resolve…");
    await page.getByRole("textbox", { name: /^What it was/ }).fill("Long words.");
    api().refuseNext(409, { error: { code: "conflict", message: "A task is open." } });
    await press(page, "Resolve INC-17");
    await giveToken(page);
    await reads(page, "INC-17 was not changed. A task is open.");
    await press(page, "Resolve…");
    expect(await page.getByRole("textbox", { name: /^What it was/ }).inputValue()).toBe("Long words.");
  });

  it("shows hostile text as text, follows no foreign link, and fits a phone with words of any length", async () => {
    const long = "beaconnode".repeat(30);
    const words = `${hostileText} ${long}`;
    const now = Date.now();
    const fact = { text: words, link: "javascript:window.pwned=1", at: now };
    const base = incidentOf(now);
    const { assessment } = base;
    if (assessment === undefined) throw new Error("The made-up incident has no assessment.");
    show({
      ...{ title: words, summary: words, commander: words, roles: { commander: words } },
      assessment: {
        ...assessment,
        ...{ sentence: words, evidence: [fact], changes: [fact], logSignatures: [fact] },
        victims: { ...assessment.victims, customers: [words] },
        cohorts: assessment.cohorts.map((cohort) => ({ ...cohort, labels: { [words]: words } })),
        firstLook: assessment.firstLook.map((look) => ({ ...look, sentence: words, facts: [fact] })),
        causes: [{ code: "__proto__", lost: 1 }],
        slaRisks: [{ customer: words, sentence: words, breachAt: now }],
      },
      tasks: [{ id: "__proto__", text: words, owner: words, state: "open" }],
      holds: [{ gateway: words, group: words, state: "failed", detail: words, at: now }],
      timeline: [{ id: "e", reference: "INC-17", at: now, kind: "note", author: words, text: words }],
      episodes: base.episodes.map((episode) => ({ ...episode, title: words })),
      offers: base.offers.map((offer) => ({ ...offer, target: words, does: words, costs: words, why: words })),
      pages: base.pages.map((sent) => ({ ...sent, recipient: words, channel: words, detail: words })),
      playbooks: [{ alert: words, text: words, runbook: "javascript:window.pwned=1" }],
    });
    for (const at of [path, "/incidents", "/"]) {
      const { page, complaints } = await open(at, phone);
      await reads(page, /onerror="window.pwned=1"/);
      expect(await overflow(page), at).toBeLessThanOrEqual(0);
      expect(await page.locator("a[href^='javascript']").count()).toBe(0);
      expect(await page.locator("img[src=x]").count()).toBe(0);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(complaints).toEqual([]);
    }
  });

  it.each(["light", "dark"] as const)(
    "hinders nobody in %s, on a screen and on a phone, with every dialog",
    async (colorScheme) => {
      api().respond.part = { isAnybodyTold: false, undelivered: 2, firing: { critical: 1, warning: 1, info: 1 } };
      show({ holds: [{ gateway: "gateway", group: "main", state: "done", detail: "", at: Date.now() }] });
      for (const size of [{}, phone])
        for (const at of ["/", "/incidents", "/incidents?state=over", path]) {
          const { page, complaints } = await open(at, { colorScheme, ...size });
          await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
          await page.getByRole("link", { name: /^Incidents\s*2 open$/ }).waitFor();
          if (at === path) await reads(page, "First look");
          expect(await auditPage(page), at).toEqual([]);
          expect(await overflow(page), at).toBeLessThanOrEqual(0);
          expect(complaints).toEqual([]);
        }
      const { page } = await open(path, { colorScheme, ...phone });
      for (const button of ["Update…", "Resolve…", "Merge…", "Give roles…", "Hold signing of main…"]) {
        await press(page, button);
        await page.getByRole("dialog").waitFor();
        expect(await auditPage(page), button).toEqual([]);
        expect(await overflow(page), button).toBeLessThanOrEqual(0);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        const focused = () =>
          page.evaluate<string>(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
          );
        await expect.poll(focused).toBe(button);
      }
    },
  );
});
