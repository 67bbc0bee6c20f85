import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { fakePassword, fakeSetupCode } from "./fake-api/fake-people.ts";
import { fakeToken, type FakeApi } from "./fake-api/server.ts";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const reads = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const bn1 = "/nodes?open=gateway%2Fmain%2Fbn-1";

async function logIn(page: Page, name: string, password = fakePassword): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

/** As if somebody had logged in before. */
async function asUser(page: Page, api: FakeApi, name: string, path: string): Promise<void> {
  api.people.logIn(name);
  await page.context().addCookies([{ name: "slotkeeper_session", value: `of_${name}`, url: api.url }]);
  await page.goto(api.url + path);
}

/** Browsers complain of every 401 and 403, which is what these tests ask for. */
const unexpected = (complaints: readonly string[]) => complaints.filter((text) => !/status of 40[13]/.test(text));

async function cordon(page: Page): Promise<void> {
  await press(page, "Cordon…");
  await press(page, "Cordon bn-1");
}

describePages("people and sessions", ({ api, open }) => {
  it("leads to the login where nothing may be read without, and back to the page with its address", async () => {
    api().people.readsNeedLogin = true;
    const { page, complaints } = await open("/alerts?view=rules&find=disk");
    await page.waitForURL(/\/login\?back=/);
    await reads(page, /it shows nothing before you log in/);
    await logIn(page, "alice", "wrong");
    await reads(page, /name or password wrong/);
    await page.getByLabel("Password").fill(fakePassword);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/alerts\?view=rules&find=disk$/);
    await reads(page, "TeamDisk");
    expect(unexpected(complaints)).toEqual([]);
  });

  it("goes back to no other site", async () => {
    const { page } = await open("/login?back=https%3A%2F%2Fevil.example%2F");
    await logIn(page, "alice");
    await page.waitForURL(`${api().url}/`);
  });

  it("makes the first admin with the printed link, and says when the link is not right", async () => {
    api().people.users = [];
    api().people.readsNeedLogin = true;
    const { page, complaints } = await open("/login?setup=wrong");
    await logIn(page, "grace");
    await reads(page, /set-up link not valid/);
    await page.goto(`${api().url}/login?setup=${fakeSetupCode}`);
    await page.getByRole("heading", { name: "Make the first admin" }).waitFor();
    await logIn(page, "grace");
    await page.waitForURL(`${api().url}/`);
    await page.getByRole("heading", { level: 1, name: "All three nodes are ready" }).waitFor();
    await page.goto(`${api().url}/login`);
    await reads(page, "You are grace");
    expect(unexpected(complaints)).toEqual([]);
  });

  it("changes things with a session alone, also after a reload and when its word is out of date", async () => {
    const { page, complaints } = await open("/");
    await asUser(page, api(), "bob", bn1);
    await cordon(page);
    await reads(page, "bn-1 is cordoned. Audit record");
    expect(api().tokensSeen).toEqual([""]);
    // Logged in again in another tab.
    api().people.logIn("bob");
    await press(page, "Return to service…");
    await press(page, "Return bn-1");
    await reads(page, "bn-1 is in service again.");
    expect(unexpected(complaints)).toEqual([]);
  });

  it("asks who asks in the place of the change, by name or by token, and goes on", async () => {
    const { page } = await open(bn1);
    await cordon(page);
    await page.getByRole("dialog", { name: "Log in to go on" }).waitFor();
    await logIn(page, "bob");
    await reads(page, "bn-1 is cordoned.");
    api().people.session = undefined;
    await press(page, "Return to service…");
    await press(page, "Return bn-1");
    await reads(page, "You are no longer logged in.");
    await page.getByRole("textbox", { name: "Token" }).fill(fakeToken);
    await page.keyboard.press("Enter");
    await reads(page, "bn-1 is in service again.");
  });

  it("says who is refused, and why, when the role is too low", async () => {
    const { page } = await open("/");
    await asUser(page, api(), "vera", bn1);
    await cordon(page);
    await reads(page, /bn-1 was not changed. You are vera, viewer. not allowed for this role/);
    expect(api().asked).toEqual([]);
  });

  it("logs out, and where reading needs a login it ends there", async () => {
    api().people.readsNeedLogin = true;
    const { page } = await open("/login");
    await asUser(page, api(), "bob", "/settings");
    await reads(page, /^bob, responder: acts/);
    await page.getByRole("link", { name: "Log out" }).click();
    await press(page, "Log out");
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await page.goto(`${api().url}/on-call`);
    await page.waitForURL(/\/login\?back=%2Fon-call/);
  });

  it("shows users and tokens to admins alone, and manages them", async () => {
    const { page, complaints } = await open("/settings");
    await reads(page, "Users and tokens are for admins only.");
    expect(api().read.some((path) => path.startsWith("/users"))).toBe(false);
    await asUser(page, api(), "alice", "/settings");
    await press(page, "Add a user…");
    await page.getByRole("textbox", { name: "Name" }).fill("dora");
    await page.getByLabel("First password").fill(fakePassword);
    await press(page, "Add the user");
    await reads(page, "dora is responder. Audit record");
    await press(page, "Role of vera");
    await page.getByRole("combobox", { name: "Role" }).selectOption("responder");
    await press(page, "Make vera responder");
    await press(page, "Disable bob");
    await page.getByRole("dialog").getByRole("button", { name: "Disable bob" }).click();
    await reads(page, "bob is disabled.");
    await press(page, "Password of vera");
    await page.getByRole("textbox", { name: /^Password/ }).fill("another four random words");
    await press(page, "Set the password");
    await reads(page, "vera has a new password.");
    expect(api().asked.map(({ path }) => path)).toEqual([
      ...["/users", "/users/vera/role", "/users/bob/disable", "/users/vera/password"],
    ]);
    expect(unexpected(complaints)).toEqual([]);
  });

  it("shows a new token once", async () => {
    const { page, complaints } = await open("/");
    await asUser(page, api(), "alice", "/settings");
    await press(page, "Make a token…");
    await page.getByRole("textbox", { name: "What it is for" }).fill("graphs");
    await page.getByRole("combobox", { name: "Role" }).selectOption("viewer");
    await press(page, "Make the token");
    await reads(page, "sk_new_token_shown_once_0123456789");
    expect(api().asked[0]).toEqual({ path: "/tokens", body: { name: "graphs", role: "viewer", days: 90 } });
    await press(page, "I have copied it");
    expect(await page.getByText("sk_new_token").count()).toBe(0);
    await page.reload();
    await reads(page, "graphs");
    expect(await page.getByText("sk_new_token").count()).toBe(0);
    await press(page, "Remove token prometheus eu-1");
    await press(page, "Remove it");
    await reads(page, "token t1 is withdrawn.");
    expect(unexpected(complaints)).toEqual([]);
  });

  it("tells what is configured and what fails of it, and chooses the theme", async () => {
    const { page, complaints } = await open("/settings");
    const channels = page.getByRole("list", { name: "Channels" });
    expect((await channels.getByRole("listitem").first().innerText()).replace(/\s+/g, " ")).toContain(
      "96 sent, 3 failed",
    );
    await channels.getByText("slack", { exact: true }).click();
    await reads(page, "Last error: channel_is_archived");
    await reads(page, "61 shipped, 1 own; off: StandbyNotReady");
    await press(page, "dark");
    await page.locator("html[data-theme=dark]").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows the audit newest first, reads on, filters, and shouts when its chain is broken", async () => {
    const { page, complaints } = await open("/audit");
    await reads(page, "The audit is for admins only.");
    await asUser(page, api(), "alice", "/audit");
    await page.getByRole("heading", { level: 1, name: "The chain of 240 records is whole." }).waitFor();
    const records = page.getByRole("list", { name: "Records, newest first" }).getByRole("listitem");
    expect(await records.first().innerText()).toMatch(/^240\b/);
    expect(await records.count()).toBe(100);
    await press(page, "Show older records");
    await press(page, "Show older records");
    await reads(page, "240 of 240 records read shown, of 240 in all");
    expect(await records.last().innerText()).toMatch(/^1\b/);
    await page.keyboard.press("/");
    await page.keyboard.type("alice");
    await page.getByRole("searchbox", { name: "Filter by result" }).fill("failed");
    await page.waitForURL(/actor=alice&result=failed/);
    await reads(page, /^8 of 240 records read shown/);
    api().alerts.auditVerdict = { isWhole: false, why: "record 17 is missing" };
    await page.reload();
    await page
      .getByRole("heading", { level: 1, name: "The chain of records is broken: record 17 is missing." })
      .waitFor();
    expect(unexpected(complaints)).toEqual([]);
  });

  it.each(["light", "dark"] as const)("hinders nobody, in %s and on a phone", async (colorScheme) => {
    for (const options of [{ colorScheme }, { colorScheme, ...phone }])
      for (const path of ["/login", "/login?setup=x", "/settings", "/audit"]) {
        const { page, complaints } = await open(path, options);
        await page.getByRole("heading").first().waitFor({ state: "attached" });
        if (!path.startsWith("/login")) {
          await asUser(page, api(), "alice", path);
          await page.getByRole("list").first().waitFor();
        }
        expect(await auditPage(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        expect(unexpected(complaints)).toEqual([]);
        await page.context().close();
        api().people.session = undefined;
      }
  });
});
