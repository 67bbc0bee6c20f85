import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow } from "./describe-pages.ts";

describePages("page Nodes", ({ api, open }) => {
  it("shows the nodes of a silent gateway as unknown and says why", async () => {
    api().show("unknown");
    const { page } = await open("/nodes");
    await page.getByText("Gateway gateway-west does not answer.").waitFor();
    await page.getByText("It has never been heard from.").waitFor();
    expect(await page.getByRole("row", { name: /unknown\s*was ready/ }).count()).toBe(3);
  });

  it("is worked by keyboard alone", async () => {
    const { page, complaints } = await open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.waitForURL("**/nodes");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/open=gateway.*bn-2/);
    await page.getByText("http://bn-2.internal:9596").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("teku");
    await page.getByText("1 shown").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");
    await page.waitForURL(/sort=state/);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.waitForURL(api().url + "/");
    expect(complaints).toEqual([]);
  });

  it("does not show what a node said before it went down as if it were so", async () => {
    api().show("oneDown");
    const { page } = await open("/nodes");
    const row = page.getByRole("row", { name: /bn-2\s*down/ });
    await row.waitFor();
    for (const column of ["head", "peers", "latency"])
      expect(await row.locator(`[data-column=${column}]`).innerText()).toBe("–");
  });

  it("jumps to a node from the palette", async () => {
    api().show("many");
    const { page, complaints } = await open("/");
    await page.getByRole("heading", { level: 1, name: "Five of forty" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("canary 03");
    await page.getByRole("option", { name: /canary-bn-03/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/open=/);
    await page.getByRole("button", { name: "canary-bn-03", expanded: true }).waitFor();
    await page.getByRole("button", { name: "Return to service…" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("jumps to what may be done to a group from the palette", async () => {
    api().show("many");
    const { page, complaints } = await open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("hold rocket");
    await page.getByRole("option", { name: /Group rocketpool/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#groups$/);
    await page.getByRole("heading", { name: "Groups" }).waitFor();
    await expect.poll(() => page.evaluate<number>("scrollY")).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it("cordons a node: asks, takes the token once, refuses a wrong one, names the audit record", async () => {
    const { page } = await open("/nodes?open=gateway%2Fmain%2Fbn-1");
    await page.getByRole("button", { name: "Cordon…" }).click();
    await page.getByText("2 other nodes of this group are ready.").waitFor();
    await page.getByRole("button", { name: "Cordon bn-1" }).click();
    await page.getByRole("textbox", { name: "Token" }).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("That token was not accepted.").waitFor();
    await page.getByRole("textbox", { name: "Token" }).fill("sk_test_0123456789");
    await page.getByRole("button", { name: "Use this token" }).click();
    await page.getByText("bn-1 is cordoned. Audit record 41.").waitFor();
    await page.getByRole("row", { name: /bn-1\s*ready\s*cordoned/ }).waitFor();
    await page.getByRole("button", { name: "Return to service…" }).click();
    await page.getByRole("button", { name: "Return bn-1" }).click();
    await page.getByText("bn-1 is in service again. Audit record 42.").waitFor();
    expect(api().tokensSeen).toEqual(["wrong", "sk_test_0123456789", "sk_test_0123456789"]);
    expect(await page.evaluate("localStorage.length")).toBe(0);
  });

  it("warns before the last ready node is set aside", async () => {
    api().show("oneDown");
    const { page } = await open("/nodes?open=gateway%2Fmain%2Fbn-1");
    await page.getByRole("button", { name: "Cordon…" }).click();
    await page.getByText("1 other node of this group is ready.").waitFor();
    await page.getByRole("button", { name: "Leave it" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(api().tokensSeen).toEqual([]);
  });

  it("shows forty nodes in their groups, filters and sorts them", async () => {
    api().show("many");
    const { page, complaints } = await open("/nodes", { viewport: { width: 1600, height: 900 } });
    await page.getByText("34 of 40 nodes ready and active").waitFor();
    expect(await page.locator("[data-row-button]").count()).toBe(40);
    await page.getByRole("columnheader", { name: "Where" }).waitFor();
    await page.getByRole("button", { name: "Not fine" }).click();
    await page.getByText("6 shown").waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByRole("button", { name: "Latency" }).click();
    await page.getByRole("columnheader", { name: "Latency" }).and(page.locator("[aria-sort=ascending]")).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  it("hides providers from a solo operator", async () => {
    const { page } = await open("/nodes", { viewport: { width: 1600, height: 900 } });
    await page.getByRole("columnheader", { name: "Peers" }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Where" }).count()).toBe(0);
  });

  it("tells of our machines, the one in trouble first, each with what explains it", async () => {
    api().showHosts();
    const { page, complaints } = await open("/nodes");
    const hosts = page.getByRole("region", { name: "Hosts" });
    await hosts.getByText("1 of 3 hosts without findings").waitFor();
    const rows = hosts.getByRole("listitem");
    expect((await rows.first().innerText()).replace(/\s+/g, " ")).toMatch(
      /^host-02 hetzner fsn1, DISK FILLS UP WITHIN TWO DAYS/,
    );
    expect((await rows.nth(1).innerText()).replace(/\s+/g, " ")).toMatch(/^host-03 hetzner fsn1, does not answer$/);
    await hosts.getByText("host-02").click();
    await hosts.getByText("Disk /data: 18 GB of 2,000 GB free; full in 1 day; without finality within a day").waitFor();
    expect(await auditPage(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
