import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describePages } from "./describe-pages.ts";
import { drillOf } from "./fake-api/build-drill.ts";
import { fakeToken } from "./fake-api/server.ts";

const bn2 = "/nodes?open=gateway%2Fmain%2Fbn-2";
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const giveToken = async (page: Page) => {
  await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
  await page.keyboard.press("Enter");
};
const finding = { reason: "node-not-ready", detail: "bn-2 is syncing", tryAgainAt: undefined } as const;

describePages("drills", ({ api, open }) => {
  it("runs one: chooses fault and time, and follows it live to its end", async () => {
    const { page, complaints } = await open(bn2);
    await press(page, "Run drill…");
    await page.getByRole("combobox", { name: "Fault" }).selectOption("hang");
    await reads(page, "Connections stay open and nothing moves on them.");
    await page.getByRole("combobox", { name: "Shown for" }).selectOption("15 s");
    await press(page, "Show hang on bn-2");
    await giveToken(page);
    await page.getByRole("heading", { name: /^Drill: hang on bn-2\s*checking whether it may begin/ }).waitFor();
    await reads(page, "drill d-8 (hang on bn-2) begins. Audit record 41.");
    const body = { gateway: "gateway", group: "main", node: "bn-2", kind: "hang", durationMs: 15_000 };
    expect(api().asked).toEqual([{ path: "/drills", body }]);

    const startedAt = Date.now();
    const fault = { id: "f-1", node: "bn-2", kind: "hang", by: "drill d-8", startedAt, expiresAt: startedAt + 15_000 };
    const running = { id: "d-8", phase: "running", startedAt, plannedEndAt: startedAt + 15_000 } as const;
    api().changes.group.faults = [fault];
    api().changes.drills = [drillOf({ ...running, score: { dutyRequests: 4 } })];
    api().push();
    await page
      .getByRole("row", { name: /bn-2\s*ready\s*drill\s*drill: hang, \d+ s left, not detected yet, 0 failed/ })
      .waitFor();
    api().changes.drills = [drillOf({ ...running, score: { dutyRequests: 9, detectMs: 212, switchMs: 604 } })];
    api().push();
    for (const figure of ["212 ms", "604 ms", "0 of 9"]) await reads(page, figure);

    const endedAt = Date.now();
    const sentence = "Every duty request was answered.";
    api().changes.group.faults = [];
    api().changes.drills = [
      drillOf({
        ...running,
        ...{ phase: "done", liftedAt: endedAt, endedAt, sentence },
        score: { dutyRequests: 9, recoverMs: 900 },
      }),
    ];
    api().push();
    await page.getByRole("heading", { name: /^Drill: hang on bn-2\s*done/ }).waitFor();
    await reads(page, sentence);
    expect(await page.getByRole("button", { name: "Abort" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("aborts one without a question, with the token", async () => {
    api().show("drilled");
    const { page } = await open("/nodes");
    await press(page, "Abort");
    await giveToken(page);
    await reads(page, "drill d-7 is told to end. Audit record 41.");
    expect(api().asked).toMatchObject([{ path: "/drills/d-7/abort" }]);
  });

  it("says why an abort failed", async () => {
    api().show("drilled");
    const { page } = await open("/nodes");
    api().refuseNext(404, { error: { code: "unknown-drill", message: "There is no drill d-7." } });
    await press(page, "Abort");
    await giveToken(page);
    await reads(page, "The drill was not ended. There is no drill d-7.");
  });

  it("shows what the guards found, and lets only soft findings be overruled", async () => {
    const { page } = await open(bn2);
    const error = { code: "drill-refused", message: "bn-2 is syncing." };
    api().refuseNext(409, { error, drill: drillOf({ phase: "refused", findings: [{ ...finding, isSoft: true }] }) });
    await press(page, "Run drill…");
    await press(page, "Show refuse on bn-2");
    await giveToken(page);
    await reads(page, "The drill was not begun.");
    await reads(page, ": bn-2 is syncing");
    const hard = { reason: "signing-held", detail: "by ops", isSoft: false, tryAgainAt: Date.now() + 30_000 } as const;
    const findings = [{ ...finding, isSoft: true }, hard];
    api().refuseNext(409, { error, drill: drillOf({ phase: "refused", findings }) });
    await press(page, "Run it all the same");
    await reads(page, /Try again in \d+ s\./);
    expect(await page.getByRole("button", { name: "Run it all the same" }).count()).toBe(0);
    expect(api().asked.map(({ body }) => (body as { isForced?: boolean }).isForced)).toEqual([undefined, true]);
    await press(page, "Leave it");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("marks a node under a fault on Now too, and leads to it", async () => {
    api().show("drilled");
    const { page } = await open("/");
    await page
      .getByRole("link", { name: /^Drill\s*hang on bn-2, \d+ s left; detected after 212 ms, 0 failed/ })
      .waitFor();
    await page.getByRole("link", { name: /bn-2\s*down\s*drill/ }).waitFor();
    expect(await page.title()).toBe("⚠ drill on bn-2 · Slotkeeper");
    await page.getByRole("link", { name: /^Drill/ }).click();
    await page.waitForURL(/open=gateway.*bn-2/);
    await reads(page, "What this node looks like now is the drill's doing.");
  });

  it("lists past drills, and opens one to its findings and requests", async () => {
    const { page } = await open("/nodes");
    const list = page.getByRole("list", { name: "Past drills" });
    await list.getByText("aborted").waitFor();
    await list.getByText(/refuse\s*on bn-1/).click();
    await list.getByText("GET /eth/v1/validator/attestation_data: 503 after 1,204 ms").waitFor();
    await list.getByText("One duty request failed; the fault was lifted at once.").waitFor();
  });

  it("says so when the drills cannot be read, and reads them once they can", async () => {
    const { page } = await open("/");
    await page.route("**/api/v1/drills", (route) => route.abort());
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await reads(page, "The drills cannot be read.");
    await page.unroute("**/api/v1/drills");
    await page.getByRole("list", { name: "Past drills" }).waitFor();
  });

  it("says where none has been run", async () => {
    api().show("starting");
    const { page } = await open("/nodes");
    await reads(page, "No drill has been run.");
  });
});
