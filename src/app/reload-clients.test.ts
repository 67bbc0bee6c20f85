import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startGatewayGroup } from "../gateway/start-gateway-group.ts";
import { makeCertificate, type TestCertificate } from "../lib/make-certificate.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import { loadConfig, requireConfig } from "./config/load.ts";
import type { RunningRole } from "./run-role.ts";
import { gatewayText, readStatus, statusText } from "./status-report.ts";
import { wireGateway } from "./wire-gateway.ts";

let folder: string;
let role: RunningRole | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-clients-"));
  role = undefined;
});
afterEach(async () => {
  await role?.stop();
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, "slotkeeper.yaml");

function write(pair: TestCertificate, token: string): void {
  writeFileSync(join(folder, "cert.pem"), pair.cert);
  writeFileSync(join(folder, "key.pem"), pair.key);
  writeFileSync(join(folder, "token"), token);
  writeFileSync(
    path(),
    `nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]
groups: [{ name: a, listen: 127.0.0.1:0, tls: { cert: cert.pem, key: key.pem } }]
gateway:
  metricsListen: none
  requireKnownClients: true
  clients: [{ name: team-a, token: { file: token } }]\n`,
  );
}

function status(ca: string, token: string): Promise<number> {
  const url = /https:\/\/\S+/.exec(role?.greeting ?? "")?.[0] ?? "";
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, connection: "close" };
    const req = request(`${url}/eth/v1/node/version`, { ca, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    req.on("error", reject);
    req.end();
  });
}

test("a reload takes over a renewed certificate and a changed token; a half renewed pair leaves the old in force", async () => {
  const [old, renewed] = [makeCertificate("localhost"), makeCertificate("localhost")];
  write(old, "first");
  const parts = { inherited: new Map<string, number>(), clock: systemClock, random: () => 0.5, log: silentLogger };
  const loaded = await requireConfig(path(), {});
  role = await wireGateway({ ...parts, loaded, version: "0.1.0" }, { startUpstreamGroup, startGatewayGroup });
  expect(role.greeting).toContain("https://");
  const shown = await readStatus(path());
  const [url] = /https:\/\/127\.0\.0\.1:\d+/.exec(role.greeting) ?? [];
  expect(statusText(shown)).toContain(`group a: ${url},`);
  expect(gatewayText(shown)).toContain(`group a on ${url}:`);
  expect(await status(old.cert, "first")).toBe(200);

  write({ ...renewed, key: old.key }, "second");
  expect((await loadConfig(path(), {})).problems.map(({ code }) => code)).toEqual(["bad-tls"]);

  write(renewed, "second");
  role.reconfigure(await requireConfig(path(), {}));
  expect(await status(renewed.cert, "second")).toBe(200);
  expect(await status(renewed.cert, "first")).toBe(401);
  await expect(status(old.cert, "second")).rejects.toThrow();
});
