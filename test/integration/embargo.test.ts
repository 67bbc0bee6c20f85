import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PagesPage } from "../../src/api/contract-oncall.ts";
import type { DeclareBody, IncidentAnswer, IncidentDetail } from "../../src/api/contract-respond.ts";
import { streamEvents, type StreamEvents } from "../../src/api/testing/stream-events.ts";
import { runCommand } from "../../src/app/testing/run-command.ts";
import { everyTable, holding } from "../support/look-for.ts";
import { startMailStandIn, type MailStandIn } from "../support/mail-stand-in.ts";
import { startMonitor, type MonitorUnderTest } from "../support/monitor.ts";
import { startPagerdutyStandIn, type PagerdutyStandIn } from "../support/pagerduty-stand-in.ts";
import { startProviderStandIn, type ProviderStandIn } from "../support/provider-stand-in.ts";
import { startSlackStandIn, type SlackStandIn } from "../support/slack-stand-in.ts";
import { startTelegramStandIn, type TelegramStandIn } from "../support/telegram-stand-in.ts";
import { makeCertificate } from "../../src/lib/make-certificate.ts";

const soon = { timeout: 20_000, interval: 100 };
const marker = `Zq${randomBytes(9).toString("hex")}`;
/** Stands in an incident that is put under embargo only after people were told of it. */
const late = `Zq${randomBytes(9).toString("hex")}`;

interface Answer {
  status: number;
  text: string;
}

describe("what is embargoed reaches responders and nobody else", () => {
  let slack: SlackStandIn;
  let telegram: TelegramStandIn;
  let pagerduty: PagerdutyStandIn;
  let mail: MailStandIn;
  let hook: ProviderStandIn;
  let monitor: MonitorUnderTest;
  let tokens: { admin: string; responder: string; viewer: string };
  let streams: StreamEvents[];
  const hooked: string[] = [];
  /** References of incidents: of the API, of the command line, of a plain one, and of the one that is embargoed late. */
  const own = { api: "", cli: "", plain: "", late: "" };

  beforeAll(async () => {
    const certificate = makeCertificate("mail");
    [slack, telegram, pagerduty, mail, hook] = await Promise.all([
      startSlackStandIn("xoxb-1", ["U1", "C1"]),
      startTelegramStandIn("1:t", ["7"]),
      startPagerdutyStandIn("key-1"),
      startMailStandIn(certificate, { user: "bot", pass: "pass-1" }),
      startProviderStandIn(({ text }) => (hooked.push(text), { status: 200, body: {} })),
    ]);
    const files = { "slack-token": "xoxb-1", "bot-token": "1:t", "pd-key": "key-1", "mail-pass": "pass-1" };
    const more = { "ca.pem": certificate.cert, "hook-url": `${hook.url}/alarms`, "hook-key": "sign-1" };
    monitor = await startMonitor([{ name: "bn1", url: "http://127.0.0.1:1" }], "index\n", everyChannel(), {
      ...files,
      ...more,
    });
    const admin = readFileSync(join(monitor.folder, "data", "api-token"), "utf8").trim();
    const tokenOf = async (role: string) => {
      const { text } = await post("tokens", { name: role, role }, admin);
      return (JSON.parse(text) as { token: string }).token;
    };
    tokens = { admin, responder: await tokenOf("responder"), viewer: await tokenOf("viewer") };
    streams = [tokens.viewer, undefined].map((token) => streamEvents(`${monitor.url}/api/v1/stream`, headersOf(token)));
    await Promise.all(streams.map((stream) => stream.next("respond")));
    // Reads on until the end, so that all of it is in `text`.
    for (const stream of streams) stream.next("nothing of this name").catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.all(streams?.map((stream) => stream.end()) ?? []);
    await monitor?.stop();
    await Promise.all([slack, telegram, pagerduty, mail, hook].map((standIn) => standIn?.stop()));
  });

  it("a responder sees all of it, and it is told to people by its reference alone", async () => {
    const m = (text: string) => `${text} ${marker}`;
    own.api = await declare({
      ...{ title: m("title"), summary: m("summary"), type: "vulnerability", severity: "sev1", page: "all" },
      ...{ labels: { host: marker }, idempotencyKey: marker },
    });
    await change(own.api, "note", { text: m("note") });
    await change(own.api, "tasks", { text: m("task"), owner: marker });
    await change(own.api, "update", { title: m("new title"), roles: { scribe: marker }, note: m("why") });
    await change(own.api, "assess", {});
    await expect.poll(() => told(`${own.api} (embargoed)`), soon).toEqual([1, 1, 1, 1, 1]);
    const detail = JSON.stringify(await read<IncidentDetail>(`incidents/${own.api}`, tokens.responder));
    for (const word of ["new title", "summary", "note", "task", "why"]) expect(detail).toContain(m(word));
    expect(detail).toContain(`"scribe":"${marker}"`);
    expect(detail).toContain(`{"host":"${marker}"}`);
    await change(own.api, "acknowledge", {});
    await expect.poll(() => told(`${own.api} (embargoed)`)[0], soon).toBe(2);
  });

  it("so too where the command line declares, changes and resolves it", async () => {
    const words = [marker, "--type", "vulnerability", "--summary", marker, "--label", `host=${marker}`];
    const { stdout } = await cli("declare", ...words, "--key", `cli ${marker}`, "--page", "all");
    own.cli = /^(INC-\d+) is declared$/m.exec(stdout)?.[1] ?? stdout;
    await cli("update", own.cli, "--status", "identified", "--note", marker);
    expect((await cli("show", own.cli)).stdout).toContain(marker);
    expect(await cli("resolve", own.cli, "--summary", marker)).toMatchObject({ status: 0, stderr: "" });
  });

  it("a refusal does not repeat what it refuses", async () => {
    own.plain = await declare({ title: "a disk is full" });
    const ours = `incidents/${own.api}`;
    const refused: [string, unknown, number][] = [
      ["incidents", { title: "t", type: "vulnerability", page: marker }, 400],
      ["incidents", { title: "t", type: marker }, 400],
      ["incidents", { title: marker.repeat(20), type: "vulnerability" }, 400],
      ["incidents", { title: "t", type: "vulnerability", labels: { [`no key ${marker}`]: "x" } }, 400],
      ["incidents", `{"title":"${marker}`, 400],
      [`${ours}/update`, { type: "outage", title: marker, note: marker }, 409],
      [`${ours}/update`, { status: marker, note: marker }, 400],
      [`${ours}/note`, { text: marker.repeat(600) }, 400],
      [`${ours}/tasks/t99`, { owner: marker }, 409],
      [`${ours}/isolate`, { offer: marker }, 409],
      [`${ours}/merge`, { into: own.plain }, 409],
      [`incidents/${own.cli}/resolve`, { summary: marker }, 404],
    ];
    const refusals: string[] = [];
    for (const [path, body, status] of refused) {
      const answer = await post(path, body);
      expect(answer.status, `${path} ${JSON.stringify(body).slice(0, 100)} ${answer.text}`).toBe(status);
      refusals.push(answer.text);
    }
    const byViewer = await post(`${ours}/note`, { text: marker }, tokens.viewer);
    expect(byViewer.status).toBe(403);
    const byCli = await cli("update", own.api, "--type", "outage", "--note", marker);
    expect(byCli.status).toBe(2);
    refusals.push(byViewer.text, byCli.stdout, byCli.stderr);
    expect(holding(marker, { refusals })).toEqual([]);
  });

  it("what people were told of before it was embargoed is told and shown no further", async () => {
    own.late = await declare({ title: late, page: "all" });
    await expect.poll(() => told(late), soon).toEqual([1, 1, 1, 1, 1]);
    await change(own.late, "update", { type: "vulnerability" });
    await change(own.late, "acknowledge", {});
    // PagerDuty knows by its key what is acknowledged: no words go there.
    await expect.poll(() => told(`${own.late} (embargoed)`), soon).toEqual([1, 1, 0, 1, 1]);
    expect(holding(late, await everyAnswer())).toEqual([]);
    await change(own.late, "resolve", { summary: late });
    await expect.poll(() => told(`${own.late} (embargoed)`).slice(3), soon).toEqual([2, 2]);
    expect(holding(late, await everyAnswer())).toEqual([]);
  });

  it("the marker is found nowhere else", async () => {
    for (const stream of streams)
      await expect.poll(stream.text, soon).toContain(`"${own.late}","type":"vulnerability"`);
    const everywhere: Record<string, string> = {
      ...(await everyAnswer()),
      ...Object.fromEntries(streams.map((stream, index) => [`stream ${index}`, stream.text()])),
      log: monitor.log(),
      messages: JSON.stringify([slack.messages, slack.updates, telegram, pagerduty.events, mailed(), hooked]),
      audit: JSON.stringify(await read("audit?limit=500", tokens.admin)),
      ...(await everyCommand()),
      ...everyTable(join(monitor.folder, "data", "slotkeeper.db")),
    };
    expect(Object.keys(everywhere).length).toBeGreaterThan(80);
    expect(holding(marker, everywhere)).toEqual([]);
    // The look is a look: where it belongs it is found, and each place tells of the incident.
    const detail = (await get(`/api/v1/incidents/${own.api}`, tokens.responder)).text;
    expect(holding(marker, { detail })).toEqual(["detail"]);
    for (const stream of streams) expect(stream.text()).toContain('"title":"Embargoed"');
    for (const who of ["viewer", "nobody"]) {
      expect(everywhere[`GET /api/v1/incidents/${own.api} as ${who}`]).toContain('"title":"Embargoed"');
      expect(everywhere[`GET /api/v1/oncall/primary/calendar.ics as ${who}`]).toContain("BEGIN:VEVENT");
      expect(everywhere[`GET /metrics as ${who}`]).toContain("slotkeeper_");
    }
    expect(everywhere["audit"]).toContain(`done: ${own.api}`);
    expect(everywhere["messages"]).toContain(`${own.api} (embargoed)`);
    expect(everywhere["table outbox"]).toContain(`${own.api} (embargoed)`);
  });

  /** Mails with their folded lines joined. */
  const mailed = () => mail.mails.map(({ source }) => source.replace(/=\r\n/g, ""));

  function everyChannel(): string {
    return `
channels:
  - { name: slack, kind: slack, token: { file: slack-token }, url: "${slack.url}" }
  - { name: bot, kind: telegram, token: { file: bot-token }, url: "${telegram.url}" }
  - { name: pd, kind: pagerduty, routingKey: { file: pd-key }, url: "${pagerduty.url}" }
  - { name: mail, kind: email, host: 127.0.0.1, port: ${mail.port}, ca: ca.pem, user: bot, password: { file: mail-pass }, from: bot@example.org }
  - { name: hook, kind: webhook, url: { file: hook-url }, signingKey: { file: hook-key } }
people:
  - { name: s, contacts: [{ channel: slack, address: U1 }] }
  - { name: t, contacts: [{ channel: bot, address: "7" }] }
  - { name: p, contacts: [{ channel: pd }] }
  - { name: m, contacts: [{ channel: mail, address: m@example.org }] }
  - { name: h, contacts: [{ channel: hook }] }
onCall:
  schedules: [{ name: primary, timeZone: UTC, layers: [{ name: week, people: [s] }] }]
  policies:
    - name: all
      steps: [{ notify: [{ schedule: primary }, { person: t }, { person: p }, { person: m }, { person: h }] }]
alerts:
  throttle: { burst: 100 }
`;
  }

  /** How many messages of each channel hold these words. */
  function told(words: string): number[] {
    const texts = [slack.messages, telegram.messages, pagerduty.events, mailed(), hooked];
    const holds = (message: unknown) => JSON.stringify(message).includes(words);
    return texts.map((messages) => messages.filter(holds).length);
  }

  /** Every GET of the API as a viewer and as somebody without a token, its metrics, and its pages. */
  async function everyAnswer(): Promise<Record<string, string>> {
    const { paths } = await read<{ paths: Record<string, Record<string, unknown>> }>("openapi.json");
    const { items } = await read<PagesPage>("pages?limit=200");
    const ofOurs = items.filter(({ title }) => title === "Embargoed");
    expect(ofOurs.length).toBeGreaterThan(10);
    const links = slack.messages.flatMap((message) => JSON.stringify(message).match(/acknowledge\/[\w.-]+/g) ?? []);
    const values: Readonly<Record<string, readonly string[]>> = {
      reference: Object.values(own).filter((reference) => reference !== ""),
      schedule: ["primary"],
      token: links.slice(0, 6).map((link) => link.slice("acknowledge/".length)),
    };
    const asked = Object.entries(paths)
      .filter(([path, methods]) => "get" in methods && path !== "/api/v1/stream")
      .flatMap(([path]) => {
        const [, parameter] = /\{(\w+)\}/.exec(path) ?? [];
        if (parameter === undefined) return [path];
        const isPage = path.startsWith("/api/v1/pages/");
        const given = isPage ? ofOurs.map(({ id }) => id) : (values[parameter] ?? ["0"]);
        return given.map((value) => path.replace(/\{\w+\}/, encodeURIComponent(value)));
      });
    expect(links.length).toBeGreaterThan(1);
    const more = ["/metrics", "/healthz", "/", "/incidents", `/incidents/${own.api}`, "/alerts", `/${links[0]}`];
    const answers: Record<string, string> = {};
    for (const path of [...asked, "/api/v1/incidents?state=over", ...more])
      for (const [who, token] of Object.entries({ viewer: tokens.viewer, nobody: undefined }))
        answers[`GET ${path} as ${who}`] = (await get(path, token)).text;
    return answers;
  }

  /** What the command line prints for somebody who is on the machine, but asks for nothing that is embargoed. */
  async function everyCommand(): Promise<Record<string, string>> {
    const commands = [["status"], ["alerts", "list"], ["page", "list"], ["oncall", "now"], ["config", "validate"]];
    const printed: Record<string, string> = {};
    for (const command of commands) {
      const { stdout, stderr } = await run(...command);
      printed[command.join(" ")] = stdout + stderr;
    }
    return printed;
  }

  const cli = (...args: string[]) => run("incident", ...args);

  async function run(...args: string[]) {
    const command = runCommand(monitor.folder, ...args);
    return { status: await command.ended, ...command.output() };
  }

  async function declare(body: DeclareBody): Promise<string> {
    const { status, text } = await post("incidents", body);
    expect(status, text).toBe(200);
    return (JSON.parse(text) as IncidentAnswer).reference;
  }

  async function change(reference: string, verb: string, body: unknown): Promise<void> {
    const { status, text } = await post(`incidents/${reference}/${verb}`, body);
    expect(status, text).toBe(200);
  }

  async function post(path: string, body: unknown, token = tokens.responder): Promise<Answer> {
    const headers = { ...headersOf(token), "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${monitor.url}/api/v1/${path}`, { method: "POST", headers, body: text });
    return { status: answer.status, text: await answer.text() };
  }

  async function get(path: string, token: string | undefined): Promise<Answer> {
    const answer = await fetch(monitor.url + path, { headers: headersOf(token) });
    return { status: answer.status, text: await answer.text() };
  }

  async function read<T>(path: string, token?: string): Promise<T> {
    const { status, text } = await get(`/api/v1/${path}`, token);
    expect(status, path).toBe(200);
    return JSON.parse(text) as T;
  }
});

function headersOf(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
