import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlertsPage, IncidentsPage, SettingsPage } from "../../src/api/contract-respond.ts";
import { runCommand } from "../../src/app/testing/run-command.ts";
import { makeCertificate } from "../../src/lib/make-certificate.ts";
import { startMailStandIn, type MailStandIn } from "../support/mail-stand-in.ts";
import { startMonitor, type MonitorUnderTest } from "../support/monitor.ts";
import { hasPrometheus, startPrometheus, type PrometheusUnderTest } from "../support/prometheus.ts";
import { startSimNetwork, type SimNetwork } from "../support/sim-network.ts";
import { startSlackStandIn, type SlackStandIn } from "../support/slack-stand-in.ts";
import { freePort } from "../support/slotkeeper.ts";

const soon = { timeout: 40_000, interval: 100 };

/** The real monitor between a real Prometheus with its Alertmanager, and people who read mail and a channel. */
describe.skipIf(!hasPrometheus)("from other systems to people", () => {
  let network: SimNetwork;
  let slack: SlackStandIn;
  let mail: MailStandIn;
  let monitor: MonitorUnderTest;
  let real: PrometheusUnderTest;
  let prometheusPort: number;

  beforeAll(async () => {
    const certificate = makeCertificate("mail");
    [network, slack, mail, prometheusPort] = await Promise.all([
      startSimNetwork(2, 2_000),
      startSlackStandIn("xoxb-1", ["C1", "C2"]),
      startMailStandIn(certificate, { user: "bot", pass: "pass-1" }),
      freePort(),
    ]);
    const files = { "slack-token": "xoxb-1", "mail-pass": "pass-1", "ca.pem": certificate.cert };
    monitor = await startMonitor(network.nodes, "index\n0\n", config(), files);
    const token = readFileSync(join(monitor.folder, "data", "api-token"), "utf8").trim();
    const slotkeeper = new URL(monitor.url).host;
    real = await startPrometheus({ slotkeeper, token, tells: "webhook", port: prometheusPort });
  });
  afterAll(async () => {
    await real?.stop();
    await monitor?.stop();
    await Promise.all([slack?.stop(), mail?.stop(), network?.stop()]);
  });

  it("an alert of Prometheus opens an incident by Alertmanager's webhook and pages by mail; its end outlives a SIGKILL", async () => {
    real.doors.front = true;
    await expect.poll(() => subjects("door front is open"), soon).toEqual(["PAGE"]);
    await expect.poll(() => inSlack("C1", "door front is open"), soon).toEqual(["FIRING"]);
    const [page] = mail.mails;
    expect(page).toMatchObject({ to: ["ann@example.org"], isEncrypted: true });
    expect(page?.source.replace(/=\r\n/g, "")).toContain(`${monitor.url}/acknowledge/`);
    const { items } = await monitor.ask<IncidentsPage>("incidents");
    expect(items).toMatchObject([{ title: "door front is open", status: "triage", commander: "ann" }]);

    await monitor.kill();
    real.doors.front = false;
    // Alertmanager has to find nobody at least once.
    await expect.poll(() => real.failedNotifications(), soon).toBeGreaterThan(0);
    await monitor.start();
    await expect.poll(() => subjects("door front is open"), soon).toEqual(["PAGE", "RESOLVED"]);
    await expect.poll(() => inSlack("C1", "door front is open"), soon).toEqual(["RESOLVED", "RESOLVED"]);
    await expect.poll(async () => (await monitor.ask<AlertsPage>("alerts")).episodes, soon).toEqual([]);
  });

  it("a promql rule of its own fires and ends by what the real Prometheus answers", async () => {
    real.doors.back = true;
    await expect.poll(() => subjects("back door at 1"), soon).toEqual(["PAGE"]);
    real.doors.back = false;
    await expect.poll(() => subjects("back door at 1"), soon).toEqual(["PAGE", "RESOLVED"]);
  });

  it("a changed file changes who is told, at once and without a restart", async () => {
    const pid = monitor.pid();
    monitor.configure(config("C2"));
    await expect
      .poll(async () => (await monitor.ask<SettingsPage>("respond/settings")).routes[0]?.tell, soon)
      .toEqual(["slack C2"]);
    await post("alerts/test", { severity: "warning", labels: { group: "main" }, durationMs: 1_000 });
    await expect.poll(() => inSlack("C2", "Test alert"), soon).toHaveLength(1);
    expect(inSlack("C1", "Test alert")).toEqual([]);
    expect(monitor.pid()).toBe(pid);
  });

  it("a channel whose secret is missing is refused with what to do, and those that run go on", async () => {
    const before = monitor.log().length;
    monitor.configure(config("C1", "no-such-token"));
    await expect.poll(() => monitor.log().slice(before), soon).toContain("no-such-token");
    expect(monitor.log().slice(before)).toMatch(
      /channels\[0\]\.token.*Check its path, and that the Slotkeeper user may read it/,
    );
    expect((await monitor.ask<SettingsPage>("respond/settings")).routes[0]?.tell).toEqual(["slack C2"]);
    const command = runCommand(monitor.folder, "config", "validate");
    expect(await command.ended).not.toBe(0);
    expect(JSON.stringify(command.output())).toContain("Check its path");
    writeFileSync(join(monitor.folder, "no-such-token"), "xoxb-1");
    await expect
      .poll(async () => (await monitor.ask<SettingsPage>("respond/settings")).routes[0]?.tell, soon)
      .toEqual(["slack C1"]);
  });

  function config(place = "C1", token = "slack-token"): string {
    return `
prometheus: { url: "http://127.0.0.1:${prometheusPort}" }
channels:
  - { name: slack, kind: slack, token: { file: ${token} }, url: "${slack.url}" }
  - { name: mail, kind: email, host: 127.0.0.1, port: ${mail.port}, ca: ca.pem, user: bot, password: { file: mail-pass }, from: bot@example.org }
people:
  - { name: ann, contacts: [{ channel: mail, address: ann@example.org }] }
onCall:
  schedules: [{ name: primary, timeZone: UTC, layers: [{ name: week, people: [ann] }] }]
  policies: [{ name: default, steps: [{ notify: [{ schedule: primary }] }] }]
alerts:
  grouping: { wait: { warning: 0s }, interval: 10s }
  routes: [{ policy: default, tell: [{ channel: slack, address: ${place} }] }]
  rules:
    groups:
      - name: own
        interval: 1s
        rules:
          - alert: BackDoor
            expr: 'promql: door_open{door="back"} > 0'
            labels: { severity: critical, owner: operations, class: security }
            annotations: { summary: "{{ $labels.door }} door at {{ $value }}", description: d, playbook: p }
`;
  }

  /** "PAGE" of each mail about this, in order. */
  function subjects(about: string): string[] {
    const lines = mail.mails.flatMap(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1]?.trim() ?? []);
    return lines.filter((line) => line.includes(about)).map((line) => line.replace(/:.*/, ""));
  }

  function inSlack(channel: string, about: string): string[] {
    const own = slack.messages.filter((message) => message.channel === channel && message.text.includes(about));
    return own.map(({ text }) => text.replace(/:.*/, ""));
  }

  async function post(path: string, body: unknown): Promise<void> {
    const token = readFileSync(join(monitor.folder, "data", "api-token"), "utf8").trim();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${monitor.url}/api/v1/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.text()).toBe(200);
  }
});
