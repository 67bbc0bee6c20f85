import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startGatewayGroup } from "../gateway/start-gateway-group.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger, type Logger } from "../lib/log.ts";
import { makeCertificate, type TestCertificate } from "../lib/make-certificate.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import { describeConfig, printableConfig } from "./config/describe.ts";
import { diffConfig } from "./config/diff.ts";
import { loadConfig, requireConfig } from "./config/load.ts";
import type { RunningRole } from "./run-role.ts";
import { controlClients, renewTrust } from "./watch-sources.ts";
import { wireGateway } from "./wire-gateway.ts";

let folder: string;
let role: RunningRole | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-control-tls-"));
  write("token", "0123456789abcdef");
  role = undefined;
});
afterEach(async () => {
  await role?.stop();
  rmSync(folder, { recursive: true });
});

const env = {};
const path = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(path(name), text);

/** As an issuer of certificates puts them there: pair and authority. */
function issue(pair: TestCertificate, authority: TestCertificate): void {
  write("tls.crt", pair.cert);
  write("tls.key", pair.key);
  write("ca.crt", authority.cert);
}

function writeConfigs(port: number, controlPort = port): void {
  const node = 'nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\n';
  const token = "token: { file: token }";
  write(
    "gateway.yaml",
    `${node}groups: [{ name: a, listen: 127.0.0.1:0 }]
gateway:
  metricsListen: none
  control: { listen: "localhost:${controlPort}", ${token}, tls: { cert: tls.crt, key: tls.key, clientCa: ca.crt } }\n`,
  );
  write(
    "monitor.yaml",
    `${node}monitor:
  gateways: [{ name: gw, url: "https://localhost:${port}", ${token}, ca: ca.crt, cert: tls.crt, key: tls.key }]\n`,
  );
}

const load = (name: string) => requireConfig(path(name), env);

test("a monitor elsewhere reads a gateway over TLS, commands on its host the socket; both take over renewed certificates", async () => {
  const authority = makeCertificate("authority");
  issue(makeCertificate("localhost", authority), authority);
  writeConfigs(0);
  let port = 0;
  const info = (about: unknown, message?: string) => {
    if (message === "control listening on TCP") ({ port } = about as { port: number });
  };
  const log = Object.assign(Object.create(silentLogger) as Logger, { info });
  const parts = { inherited: new Map<string, number>(), clock: systemClock, random: () => 0.5, log };
  const loaded = await load("gateway.yaml");
  role = await wireGateway({ ...parts, loaded, version: "0.1.0" }, { startUpstreamGroup, startGatewayGroup });
  writeConfigs(port, 0);
  const monitor = await load("monitor.yaml");
  const clients = controlClients(monitor.config, systemClock);
  const read = async () => (await clients.get("gw")?.status())?.gateway;
  expect(await read()).toBe("gateway");
  expect((await controlClients(loaded.config, systemClock).get("gateway")?.status())?.gateway).toBe("gateway");

  const next = makeCertificate("next authority");
  issue(makeCertificate("localhost", next), next);
  role.reconfigure(await load("gateway.yaml"));
  await expect(read()).rejects.toMatchObject({ code: "control-unreachable" });
  renewTrust(clients, (await load("monitor.yaml")).config);
  expect(await read()).toBe("gateway");
});

test("renewed certificates are live, other addresses and demands are not; no key is printed, every file is watched", async () => {
  const authority = makeCertificate("authority");
  issue(makeCertificate("localhost", authority), authority);
  writeConfigs(7382);
  const before = [await load("gateway.yaml"), await load("monitor.yaml")] as const;
  const changes = async () =>
    [
      ...diffConfig(before[0].config, (await load("gateway.yaml")).config),
      ...diffConfig(before[1].config, (await load("monitor.yaml")).config),
    ].map(({ path: setting, effect }) => `${effect} ${setting}`);
  for (const { config, files } of before) {
    expect(files).toEqual(expect.arrayContaining(["tls.crt", "tls.key", "ca.crt"].map(path)));
    expect(JSON.stringify(printableConfig(config)) + describeConfig(config)).not.toContain("BEGIN");
  }

  issue(makeCertificate("localhost", authority), authority);
  expect(await changes()).toEqual(["live gateway.control", "live monitor"]);
  writeConfigs(7383);
  expect(await changes()).toEqual(["restart gateway.control", "restart monitor"]);
});

test.each([
  ["an authority that is none", "ca.crt", "monitor.gateways[0].ca: bad-tls"],
  ["a certificate that is none", "tls.crt", "monitor.gateways[0].cert: bad-tls"],
  ["a key that is none", "tls.key", "monitor.gateways[0].key: bad-tls"],
])("%s is refused with its place", async (_name, file, expected) => {
  const authority = makeCertificate("authority");
  issue(makeCertificate("localhost", authority), authority);
  writeConfigs(7382);
  write(file, "hello");
  const { problems } = await loadConfig(path("monitor.yaml"), env);
  expect(problems.map((problem) => `${problem.path}: ${problem.code}`)).toEqual([expected]);
});
