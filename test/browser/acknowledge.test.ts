import { expect, it } from "vitest";
import type { AcknowledgeView } from "../../src/api/contract-oncall.ts";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import { incidentOf } from "./fake-api/build-incident.ts";

const token = "eyJ.k-1_x";

describePages("the signed link", ({ api, open }) => {
  const link = (part: Partial<AcknowledgeView> = {}) => {
    const now = Date.now();
    api().respond.incidents.incidents = [incidentOf(now)];
    api().respond.incidents.links.set(token, {
      ...{ title: "52 % of validators miss", person: "alice", severity: "critical", incident: "INC-17" },
      ...{ startsAt: now - 600_000, state: "open", acknowledgedBy: undefined, expiresAt: now + 3_600_000 },
      ...part,
    });
  };

  it.each(["light", "dark"] as const)(
    "acknowledges by one press, not by being opened, without login or live data, in %s",
    async (colorScheme) => {
      link();
      const { page, complaints } = await open(`/acknowledge/${token}`, { ...phone, colorScheme });
      await page.getByRole("heading", { level: 1, name: "52 % of validators miss" }).waitFor();
      await page.getByText("Nobody has acknowledged it yet.").waitFor();
      expect(await auditPage(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(api().asked).toEqual([]);
      const button = page.getByRole("button", { name: "Acknowledge" });
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(64);
      await button.click();
      await page.getByText("Acknowledged by alice.").waitFor();
      expect(await button.count()).toBe(0);
      expect(await auditPage(page)).toEqual([]);
      expect(api().asked).toMatchObject([{ path: `/acknowledge/${token}` }]);
      expect(api().tokensSeen).toEqual([""]);
      // At most it asks who it is: nothing of nodes or incidents.
      expect(
        api()
          .read.filter((path) => path !== "/me")
          .every((path) => path.startsWith("/acknowledge/")),
      ).toBe(true);
      expect(complaints).toEqual([]);
      await page.getByRole("link", { name: "Open INC-17" }).click();
      await page.getByRole("heading", { level: 1, name: "INC-17 Half of the validators miss" }).waitFor();
      await page.getByText("live", { exact: true }).waitFor();
    },
  );

  it("notices that somebody else acknowledged meanwhile", async () => {
    link();
    const { page } = await open(`/acknowledge/${token}`, phone);
    await page.getByRole("button", { name: "Acknowledge" }).waitFor();
    link({ state: "acknowledged", acknowledgedBy: "bob" });
    await page.getByText("Acknowledged by bob.").waitFor({ timeout: 8_000 });
  });

  it("offers nothing to press when it is over or has expired, or the link is not known", async () => {
    for (const [part, text] of [
      [{ state: "over" }, "It is over: there is nothing to acknowledge."],
      [{ expiresAt: Date.now() - 1 }, "This link has expired."],
      [{ state: "acknowledged" }, "Acknowledged by somebody."],
    ] as const) {
      link(part);
      const { page } = await open(`/acknowledge/${token}`, phone);
      await page.getByText(text).waitFor();
      expect(await page.getByRole("button").count()).toBe(0);
    }
    const { page } = await open("/acknowledge/forged", phone);
    await page.getByRole("heading", { level: 1, name: "This link is not valid" }).waitFor();
    await page.getByRole("link", { name: "Log in and acknowledge there." }).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it("says that it is not acknowledged when the server refuses, and can be pressed again", async () => {
    link();
    const { page } = await open(`/acknowledge/${token}`, phone);
    const button = page.getByRole("button", { name: "Acknowledge" });
    await button.waitFor();
    api().refuseNext(502, { error: { code: "unreachable", message: "The store does not answer." } });
    await button.click();
    await page.getByText("It is not acknowledged. The store does not answer.").waitFor();
    await button.click();
    await page.getByText("Acknowledged by alice.").waitFor();
  });
});
