import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import type { Snapshot } from "../../src/api/contract.ts";
import type { PagesPage } from "../../src/api/contract-oncall.ts";
import type { IncidentDetail } from "../../src/api/contract-respond.ts";
import type { Devnet } from "../../testbed/src/devnet.ts";
import { buildWebOnce, launchBrowser, openPage } from "../browser/browser.ts";
import { overflow, phone } from "../browser/describe-pages.ts";
import { startSlackStandIn, type SlackStandIn } from "../support/slack-stand-in.ts";
import { startUnderTest, waitForOk, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";

const soon = { timeout: 30_000, interval: 100 };
const [team, ann] = ["C1", "U1"];
const admin = { name: "ann", password: "four random words will do" };

/** What an operator writes who wants to be woken by any node that stands still, and not only by the last one. */
const respondConfig = (slack: SlackStandIn) => `
validators:
  - name: list
    csv: validators.csv
channels:
  - { name: slack, kind: slack, token: { file: slack-token }, url: "${slack.url}" }
people:
  - { name: ann, timeZone: Europe/Berlin, contacts: [{ channel: slack, address: ${ann} }] }
onCall:
  schedules:
    - { name: primary, timeZone: Europe/Berlin, layers: [{ name: week, people: [ann] }] }
  policies:
    - { name: default, steps: [{ notify: [{ schedule: primary }] }] }
alerts:
  grouping: { interval: 10s }
  routes:
    - { policy: default, tell: [{ channel: slack, address: ${team} }] }
  rules:
    groups:
      - name: own
        rules:
          - alert: NodeStandsStill
            expr: upstream_not_ready > 0
            for: 3s
            labels: { severity: critical, owner: operations, class: down }
            annotations:
              summary: "Beacon node {{ $labels.node }} stands still."
              description: The next fault costs duties.
              playbook: 1. Drain the node. 2. Look at its process and disk. 3. Return it when it is in sync.
`;

/**
 * The whole way on real nodes, with a program and a browser of its own: a node is frozen, its alarm fires, the person on call is
 * paged, acknowledges by the link, opens the incident, reads the assessment, drains the node and resolves.
 */
export async function tellStory(devnet: Devnet, node: string): Promise<void> {
  const slack = await startSlackStandIn("xoxb-1", [team, ann]);
  const stops: (() => Promise<void>)[] = [() => slack.stop(), () => Promise.resolve(devnet.node(node).thaw())];
  try {
    const rows = Array.from({ length: devnet.validators }, (_, index) => String(index));
    await buildWebOnce();
    const browser = await launchBrowser();
    stops.unshift(() => browser.close());
    const slotkeeper = await startUnderTest("up", devnet.nodes, {
      moreConfig: respondConfig(slack),
      files: { "slack-token": "xoxb-1\n", "validators.csv": ["index", ...rows, ""].join("\n") },
    });
    stops.unshift(() => slotkeeper.stop());
    await waitForOk(`${slotkeeper.pageUrl}/healthz`, 20_000, () => `The page does not answer:\n${slotkeeper.log()}`);
    await live({ devnet, node, slack, slotkeeper, browser });
  } finally {
    for (const stop of stops) await stop();
  }
}

interface Stage {
  devnet: Devnet;
  node: string;
  slack: SlackStandIn;
  slotkeeper: SlotkeeperUnderTest;
  browser: Browser;
}

async function live(stage: Stage): Promise<void> {
  const { devnet, node, slotkeeper, browser } = stage;
  const desk = await openPage(browser, await firstAdminLink(slotkeeper));
  await becomeAdmin(desk.page);
  for (const { name } of devnet.nodes)
    await desk.page.getByRole("link", { name: new RegExp(`${name}\\s*ready`) }).waitFor({ timeout: 30_000 });

  devnet.node(node).freeze();
  const link = await pagedLink(stage);
  const mobile = await openPage(browser, link, { ...phone, colorScheme: "dark" });
  const reference = await acknowledge(mobile.page, node);

  await desk.page.getByRole("link", { name: /^Incidents\s*\d+ open$/ }).click();
  await desk.page
    .getByRole("link", { name: new RegExp(reference) })
    .first()
    .click();
  await readAssessment(desk.page, node, reference);
  await drain(desk.page, node);
  devnet.node(node).thaw();
  await expectNoOtherOffer(stage, reference);
  await resolve(desk.page, reference);
  await expectTimeline(stage, reference);
  await expectSlack(stage);
  await expectTrace(stage, reference);
  expect([...desk.complaints, ...mobile.complaints]).toEqual([]);
}

async function firstAdminLink({ log }: SlotkeeperUnderTest): Promise<string> {
  let link: string | undefined;
  await expect.poll(() => (link = /first admin here[^\n]*?(http\S+)/.exec(log())?.[1]), soon).toBeDefined();
  return link ?? "";
}

async function becomeAdmin(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(admin.name);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Make this admin and log in" }).click();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

/** What Slack has about the alarm, as it is now. */
function told({ slack, node }: Stage, to: string): SlackStandIn["messages"] {
  return slack.messages.filter(({ channel, text }) => channel === to && text.includes(`${node} stands still.`));
}

/** The address behind the button of the page that the person on call got; the team hears of it too. */
async function pagedLink(stage: Stage): Promise<string> {
  const texts = (to: string) => told(stage, to).map(({ text }) => text);
  await expect.poll(() => texts(ann), soon).toEqual([`PAGE: Beacon node ${stage.node} stands still.`]);
  await expect.poll(() => texts(team), soon).toEqual([`FIRING: Beacon node ${stage.node} stands still.`]);
  const buttons = told(stage, ann)[0]?.blocks.flatMap(
    (block) => (block["elements"] ?? []) as { url: string; style?: string }[],
  );
  return buttons?.find(({ style }) => style === "primary")?.url ?? "";
}

/** Returns the reference of the incident that the page then leads to. */
async function acknowledge(page: Page, node: string): Promise<string> {
  await page.getByRole("heading", { name: `Beacon node ${node} stands still.` }).waitFor();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByText("Acknowledged by ann.").waitFor();
  const leadsTo = await page.getByRole("link", { name: /^Open INC-\d+$/ }).innerText();
  return leadsTo.replace("Open ", "");
}

async function readAssessment(page: Page, node: string, reference: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: new RegExp(`${reference} .*${node} stands still`) }).waitFor();
  const firstLook = page.locator("section").filter({ has: page.getByRole("heading", { name: "First look" }) });
  await firstLook.getByText("1 of 3 beacon nodes is not ready.").waitFor();
  await firstLook.getByText(new RegExp(`^${node} \\(.+, group main\\) is (suspect|down)`)).waitFor();
  await firstLook.getByText("The network does as usual.").waitFor();
  await page.getByText("0 of 64 watched").waitFor();
}

async function drain(page: Page, node: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^Drain ${node} in main`) }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Drain ${node} in main` })
    .click();
  await page.getByText(/drain of .* is done\. Audit record \d+\./).waitFor({ timeout: 20_000 });
}

/** Well again and set aside: no other node is offered in its place. */
async function expectNoOtherOffer({ slotkeeper, node }: Stage, reference: string): Promise<void> {
  const health = async () => {
    const { gateways } = await ask<Snapshot>(slotkeeper, "snapshot");
    return gateways[0]?.status?.groups[0]?.nodes.find((one) => one.node === node)?.health;
  };
  await expect.poll(health, soon).toBe("ready");
  const drains = async () => {
    const { offers } = await ask<IncidentDetail>(slotkeeper, `incidents/${reference}`);
    return offers.filter(({ kind }) => kind === "drain").map(({ target, why }) => `${target}: ${why}`);
  };
  // Its drain may still be under way.
  await expect.poll(drains, soon).toEqual([`${node} in main at gateway: ${node} is in maintenance`]);
}

async function resolve(page: Page, reference: string): Promise<void> {
  await page.getByRole("button", { name: "Resolve…" }).click();
  await page.getByRole("textbox", { name: /^What it was/ }).fill("The process stood still; it runs again.");
  await page.getByRole("button", { name: `Resolve ${reference}` }).click();
  await page.getByText(new RegExp(`${reference} is resolved\\. Audit record \\d+\\.`)).waitFor();
}

async function expectTimeline({ slotkeeper, node }: Stage, reference: string): Promise<void> {
  const { timeline } = await ask<IncidentDetail>(slotkeeper, `incidents/${reference}`);
  const lines = timeline.map(({ kind, author, text }) => `${kind} by ${author}: ${text}`);
  const steps = [
    `declared by slotkeeper: Declared as outage, sev2: Beacon node ${node} stands still.`,
    "page by slotkeeper: ann is paged by slack.",
    "acknowledged by ann: Acknowledged.",
    `action by ann: drain of ${node} in main at gateway is done.`,
    "status by ann: Status investigating → isolated.",
    "resolved by ann: Resolved: The process stood still; it runs again.",
  ];
  const found = steps.map((step) => lines.findIndex((line) => line.startsWith(step)));
  expect(found, lines.join("\n")).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
}

async function expectSlack(stage: Stage): Promise<void> {
  // The first message of each is changed in its place at the end, and what follows stands in its thread.
  for (const to of [team, ann]) {
    const kinds = () => told(stage, to).map(({ text }) => text.replace(/:.*/, ""));
    await expect.poll(kinds, soon).toEqual(["RESOLVED", "ACKNOWLEDGED", "RESOLVED"]);
    const [first, ...others] = told(stage, to);
    expect(others.map(({ thread_ts }) => thread_ts)).toEqual([first?.ts, first?.ts]);
  }
}

async function expectTrace({ slotkeeper, node }: Stage, reference: string): Promise<void> {
  const { items } = await ask<PagesPage>(slotkeeper, "pages");
  const page = items.find(({ kind, title }) => kind === "page" && title.includes(node));
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  const args = [main, "trace", page?.id ?? "", "--config", slotkeeper.configFile];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  for (const step of [
    "message     A message (page) to ann over slack",
    "escalation  Policy default paged",
    `incident    It belongs to ${reference}.`,
    "alert       NodeStandsStill began to fire",
    "fact        Its condition: upstream_not_ready > 0; the value was 1.",
    `node        ${node}: ready → suspect`,
  ])
    expect(stdout).toContain(step);
}

async function ask<T>({ pageUrl }: SlotkeeperUnderTest, path: string): Promise<T> {
  const answer = await fetch(`${pageUrl}/api/v1/${path}`);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}
