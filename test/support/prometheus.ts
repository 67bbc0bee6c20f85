import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "../require-program.ts";
import { freePort, waitForOk } from "./slotkeeper.ts";

const install = "apt-get install --no-install-recommends";
const prometheusProgram = requireProgram({ name: "prometheus", install: `${install} prometheus` });
const alertmanagerProgram = requireProgram({
  name: "prometheus-alertmanager",
  otherNames: ["alertmanager"],
  install: `${install} prometheus-alertmanager`,
});

/** Without both programs what needs them is skipped, in so many words. */
export const hasPrometheus = prometheusProgram !== undefined && alertmanagerProgram !== undefined;

export interface PrometheusUnderTest {
  url: string;
  /** What its target says, as `door_open{door="front"}` and `door_open{door="back"}`. */
  doors: { front: boolean; back: boolean };
  process: ChildProcess;
  /** How often Alertmanager found nobody to tell. */
  failedNotifications(): Promise<number>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Host and port of a Slotkeeper that is told. */
  slotkeeper: string;
  token: string;
  /** Alertmanager's webhook alone, or its PagerDuty receiver and Prometheus itself beside it. */
  tells: "webhook" | "everything";
  port?: number;
}

const ruleFile = `groups:
  - name: doors
    interval: 1s
    rules:
      - alert: DoorOpen
        expr: door_open{door="front"} == 1
        labels: { severity: critical }
        annotations: { summary: "door {{ $labels.door }} is open" }
`;

/** A real Prometheus that evaluates a rule each second and tells a real Alertmanager, which tells Slotkeeper. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-prometheus-"));
  const children: ChildProcess[] = [];
  const doors = { front: false, back: false };
  const target = createServer((_, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(
      Object.entries(doors)
        .map(([door, isOpen]) => `door_open{door="${door}"} ${Number(isOpen)}\n`)
        .join(""),
    );
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const targetPort = (target.address() as AddressInfo).port;
  const [alertmanagerPort, port] = [await freePort(), options.port ?? (await freePort())];
  const url = `http://127.0.0.1:${port}`;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("alertmanager.yml", alertmanagerConfig(options));
  write("rules.yml", ruleFile);
  write("prometheus.yml", prometheusConfig(options, alertmanagerPort, targetPort));

  function start(program: string | undefined, args: readonly string[]): ChildProcess {
    const child = spawn(program ?? "", args, { cwd: folder, stdio: "ignore" });
    children.push(child);
    return child;
  }

  async function failedNotifications(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${alertmanagerPort}/metrics`)).text();
    const counts = text.matchAll(
      /^alertmanager_notification_requests_failed_total\{.*integration="webhook".*\} (\d+)$/gm,
    );
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async function stop(): Promise<void> {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    start(alertmanagerProgram, [
      ...["--config.file=alertmanager.yml", "--storage.path=alertmanager", "--cluster.listen-address="],
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    ]);
    await waitForOk(`http://127.0.0.1:${alertmanagerPort}/-/ready`, 30_000, () => "Alertmanager does not answer");
    const process = start(prometheusProgram, [
      ...["--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", "--rules.alert.resend-delay=1s"],
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await waitForOk(`${url}/-/ready`, 60_000, () => "Prometheus does not answer");
    return { url, doors, process, failedNotifications, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function alertmanagerConfig({ slotkeeper, token, tells }: PrometheusOptions): string {
  const pagerduty = tells === "everything";
  return (
    `route:\n  group_by: ["..."]\n  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 1h\n  receiver: slotkeeper\n` +
    (pagerduty ? `  routes: [{ receiver: pagerduty, continue: true }, { receiver: slotkeeper }]\n` : "") +
    `receivers:\n` +
    (pagerduty
      ? `  - name: pagerduty\n    pagerduty_configs: [{ url: "http://${slotkeeper}/v2/enqueue", routing_key: ${token} }]\n`
      : "") +
    `  - name: slotkeeper\n    webhook_configs:\n      - url: http://${slotkeeper}/api/v1/inbound/alertmanager\n` +
    `        http_config: { basic_auth: { username: slotkeeper, password: ${token} } }\n`
  );
}

function prometheusConfig(
  { slotkeeper, token, tells }: PrometheusOptions,
  alertmanagerPort: number,
  targetPort: number,
) {
  return (
    `global: { scrape_interval: 1s, evaluation_interval: 1s }\nrule_files: [rules.yml]\n` +
    `alerting:\n  alertmanagers:\n    - static_configs: [{ targets: ["127.0.0.1:${alertmanagerPort}"] }]\n` +
    (tells === "everything"
      ? `    - static_configs: [{ targets: ["${slotkeeper}"] }]\n      authorization: { credentials: ${token} }\n`
      : "") +
    `scrape_configs:\n  - job_name: doors\n    static_configs: [{ targets: ["127.0.0.1:${targetPort}"] }]\n`
  );
}
