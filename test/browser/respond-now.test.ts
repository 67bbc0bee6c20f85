import { expect, it } from "vitest";
import { describePages } from "./describe-pages.ts";
import { incidentOf } from "./fake-api/build-incident.ts";

describePages("alarms on Now", ({ api, open }) => {
  it("shows open incidents worst first, who is on call, what fires and what was not delivered, and leads there", async () => {
    const now = Date.now();
    api().respond.incidents.incidents = [
      incidentOf(now, { severity: "sev3" }),
      incidentOf(now, {
        reference: "INC-16",
        severity: "sev1",
        title: "Slashed",
        commander: "bob",
        status: "isolated",
      }),
    ];
    api().respond.part = { firing: { critical: 2, warning: 1, info: 0 }, undelivered: 1 };
    api().pushRespond();
    const { page, complaints } = await open("/");
    const lines = page.getByRole("list", { name: "Incidents and alarms" }).getByRole("listitem");
    await lines.first().waitFor();
    const texts = (await lines.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    expect(texts[0]).toBe("sev1 INC-16 Slashed isolated · 10 min · bob");
    expect(texts[1]).toBe("sev3 INC-17 Half of the validators miss triage · 10 min · nobody has it yet");
    expect(texts.slice(2)).toEqual([
      "Alerts 2 critical, 1 warning",
      "Sending 1 message was not delivered for certain: a person must look",
    ]);
    const onCall = page.getByRole("list", { name: "On call" }).getByRole("listitem");
    expect((await onCall.innerText()).replaceAll(/\s+/g, " ")).toMatch(
      /^primary alice for \d h \d\d min more, then bob$/,
    );
    expect(await page.getByText("Nobody is told").count()).toBe(0);
    await page.getByRole("link", { name: /INC-16/ }).click();
    await page.getByRole("heading", { level: 1, name: "INC-16 Slashed" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("says calmly that nobody is told, and warns where nobody is on call", async () => {
    api().respond.part = {
      isAnybodyTold: false,
      onCall: [
        { schedule: "nights", timeZone: "UTC", person: undefined, since: undefined, until: undefined, next: undefined },
      ],
    };
    api().pushRespond();
    const { page } = await open("/");
    await page.getByText("Nobody is told: alarms are shown here only").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.getByText("nobody", { exact: true }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "Settings" }).click();
    await page.waitForURL("**/settings");
  });

  it("adds nothing while the server says nothing of alarms, and follows within a second when it does", async () => {
    const { page } = await open("/");
    await page.getByRole("heading", { level: 1, name: "All three nodes are ready" }).waitFor();
    expect(await page.getByRole("list", { name: "Incidents and alarms" }).count()).toBe(0);
    expect(await page.getByText("Nobody is told").count()).toBe(0);
    api().respond.incidents.incidents = [incidentOf(Date.now())];
    api().pushRespond();
    await page.getByRole("link", { name: /^Incidents\s*1 open$/ }).waitFor({ timeout: 1_000 });
    await page.getByRole("list", { name: "Incidents and alarms" }).waitFor({ timeout: 1_000 });
  });
});
