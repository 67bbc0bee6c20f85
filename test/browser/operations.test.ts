import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describePages } from "./describe-pages.ts";
import { branchesOf } from "./fake-api/scenes-operations.ts";
import { fakeToken } from "./fake-api/server.ts";

const bn1 = "/nodes?open=gateway%2Fmain%2Fbn-1";
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};

describePages("what an operator does", ({ api, open }) => {
  it("drains a node, shows live what it waits for, says when it may be stopped, and returns it", async () => {
    const { page, complaints } = await open(bn1);
    await press(page, "Drain…");
    await reads(page, "2 other nodes of this group are ready.");
    await press(page, "Drain bn-1");
    await giveToken(page);
    await reads(page, "bn-1 is draining. Audit record 41.");
    const wait = { kind: "creator-lease", detail: "block of slot 9, built here, is not published yet." } as const;
    const drain = { node: "bn-1", by: "ops", at: Date.now(), waitsFor: [{ ...wait, untilAt: Date.now() + 20_000 }] };
    api().changes.group.drains = [drain];
    api().push();
    await reads(page, /Do not stop it yet: it waits for/);
    await reads(page, /block of slot 9, built here, is not published yet, at most \d+ s/);
    await page.getByRole("row", { name: /draining, waits for block of slot 9/ }).waitFor();
    api().changes.setOperator("bn-1", "maintenance");
    api().changes.group.drains = [{ ...drain, waitsFor: [] }];
    api().push();
    await reads(page, "Out of service, in maintenance: it may be stopped.");
    await press(page, "Return to service…");
    await press(page, "Return bn-1");
    await reads(page, "bn-1 is in service again. Audit record 42.");
    expect(api().asked.map(({ path }) => path)).toEqual([
      "/nodes/gateway/main/bn-1/drain",
      "/nodes/gateway/main/bn-1/return",
    ]);
    expect(complaints).toEqual([]);
  });

  it("drains without waiting only when that is ticked, and says what it costs", async () => {
    const { page } = await open(bn1);
    await press(page, "Drain…");
    await page.getByRole("checkbox", { name: /A block proposal or every duty of this group may be\s+lost/ }).check();
    await press(page, "Drain bn-1 without waiting");
    await giveToken(page);
    await reads(page, "Audit record 41.");
    expect(api().asked[0]?.path).toBe("/nodes/gateway/main/bn-1/drain?force=true");
  });

  it("holds signing with a reason, says so on every page, and releases it where it is told", async () => {
    const { page, complaints } = await open("/nodes");
    await press(page, "Hold signing…");
    await reads(page, /Validators of this group stop signing until it is released/);
    const confirm = page.getByRole("button", { name: "Hold signing of main" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Reason, for whoever looks next" }).fill("keys may run twice");
    await confirm.click();
    await giveToken(page);
    await page.getByRole("heading", { name: /^Signing of main is on hold/ }).waitFor();
    await reads(page, "signing of group main is on hold. Audit record 41.");
    await page.getByRole("link", { name: "Now", exact: true }).click();
    await page.getByRole("link", { name: /^Hold\s*signing is on hold for \d+ s: keys may run twice/ }).click();
    await press(page, "Release…");
    await reads(page, /Be sure that the reason for the hold is gone/);
    await press(page, "Let main sign again");
    await reads(page, "the hold on group main is released. Audit record 42.");
    await page.getByRole("heading", { name: /on hold/ }).waitFor({ state: "detached" });
    expect(api().asked).toMatchObject([
      { path: "/groups/gateway/main/hold", body: { reason: "keys may run twice" } },
      { path: "/groups/gateway/main/release" },
    ]);
    expect(complaints).toEqual([]);
  });

  it("serves a branch of a split only after its root was typed", async () => {
    api().show("splitOpen");
    const { page } = await open("/nodes");
    await reads(page, "a person must choose: compare the roots");
    await press(page, "Serve this branch, of bn-1, bn-3…");
    const confirm = page.getByRole("button", { name: "Serve this branch", exact: true });
    const typed = page.getByRole("textbox", { name: /type how the root of its head begins: 0xabcdef12/ });
    for (const text of ["0xabcdef1", "0x1badf00d", "yes"]) {
      await typed.fill(text);
      expect(await confirm.isDisabled(), text).toBe(true);
    }
    await typed.fill("0xABCDEF12");
    await confirm.click();
    await giveToken(page);
    const [branch] = branchesOf(Date.now());
    await reads(page, `group main serves the branch with head ${branch?.root}. Audit record 41.`);
    await reads(page, "This branch is served.");
    expect(api().asked[0]).toEqual({ path: "/groups/gateway/main/branch", body: { root: branch?.root } });
  });

  it("resets the watermark only after the word was typed, and shows that it is gone", async () => {
    api().show("drained");
    const { page } = await open("/nodes");
    await press(page, "Reset watermark…");
    await reads(page, /Their own slashing protection is then the only guard/);
    const confirm = page.getByRole("button", { name: "Reset the watermark" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "To confirm, type: reset" }).fill("reset");
    await page.keyboard.press("Enter");
    await giveToken(page);
    await reads(page, "the source watermark of group main is reset. Audit record 41.");
    await reads(page, "none yet");
  });

  it.each([
    [404, "unknown-node", "There is no node bn-1. Nodes of group main: bn-2."],
    [409, "drain-refused", "the last ready node is not drained."],
    [502, "control-unreachable", "reach the gateway at /run/slotkeeper.sock: it does not answer."],
    [500, "audit-failed", "nothing was done to bn-1, and the audit could not record it."],
  ])("says what the server said with status %d, and that nothing was changed", async (status, code, message) => {
    const { page } = await open(bn1);
    api().refuseNext(status, { error: { code, message } });
    await press(page, "Drain…");
    await press(page, "Drain bn-1");
    await giveToken(page);
    await reads(page, `bn-1 was not changed. ${message}`);
    await page.getByRole("button", { name: "Drain…" }).waitFor();
    expect(await page.getByRole("row", { name: /draining/ }).count()).toBe(0);
  });

  it("says that nothing was heard when the server goes away under the question", async () => {
    const { page } = await open("/nodes");
    await press(page, "Hold signing…");
    await page.getByRole("textbox", { name: /Reason/ }).fill("x");
    await press(page, "Hold signing of main");
    await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
    await api().stop();
    await page.keyboard.press("Enter");
    await reads(page, "Group main was not changed. The server did not answer.");
    await api().start();
  });

  it("asks again for a token that is refused, and forgets it", async () => {
    const { page } = await open("/nodes");
    await press(page, "Hold signing…");
    await page.getByRole("textbox", { name: /Reason/ }).fill("x");
    await press(page, "Hold signing of main");
    await page.getByRole("textbox", { name: "Token" }).fill("wrong");
    await page.keyboard.press("Enter");
    await reads(page, "That token was not accepted.");
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
    await giveToken(page);
    await reads(page, "Audit record 41.");
  });

  it("keeps the focus in a dialog, leaves it by Escape, and gives the focus back", async () => {
    const { page } = await open("/nodes");
    const opener = page.getByRole("button", { name: "Hold signing…" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Hold signing of main?" }).waitFor();
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")).toBe(true);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator("button:focus", { hasText: "Hold signing…" }).waitFor();
    expect(api().tokensSeen).toEqual([]);
  });

  it("brings the focus to the answer when the button that was pressed is gone", async () => {
    const { page } = await open(bn1);
    await press(page, "Cordon…");
    await press(page, "Cordon bn-1");
    await giveToken(page);
    await reads(page, "bn-1 is cordoned. Audit record 41.");
    await page.locator("[role=status]:focus").waitFor();
  });

  it("offers nothing for nodes that the monitor itself observes", async () => {
    api().show("observed");
    const { page } = await open("/nodes");
    await press(page, "bn-1");
    await reads(page, "http://bn-1.internal:9596");
    for (const name of ["Cordon…", "Hold signing…"]) expect(await page.getByRole("button", { name }).count()).toBe(0);
  });
});
