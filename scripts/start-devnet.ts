import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import type { Snapshot } from "../src/api/contract.ts";
import { announceControl, serveControl } from "../testbed/src/control.ts";
import { startDevnet, type Devnet } from "../testbed/src/devnet.ts";
import { watchDuties } from "./duty-lines.ts";
import { startSlotkeeper } from "./slotkeeper-child.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".slotkeeper", "devnet");

interface Ports {
  page: number;
  gateway: number;
  metrics: number;
}

/**
 * The newcomer's start: a real network, Slotkeeper in front of it, and one validator client that knows only the gateway.
 * Resolves after the abort, with everything ended.
 */
export async function runDevnetWithSlotkeeper(signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const say = (text: string): void => console.log(text);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say("Starting a local network: three Lodestar beacon nodes, 64 validators, 4-second slots …");
  const ports = { page: await freePort(7380), gateway: await freePort(7381), metrics: await freePort(7379) };
  const devnet = await startDevnet({ runFolder: join(folder, "network"), genesisDelaySeconds: 14 }, signal);
  try {
    const configFile = join(folder, "slotkeeper.yaml");
    writeFileSync(configFile, configText(devnet, ports));
    writeFileSync(join(folder, "validators.csv"), validatorsText(devnet.validators));
    const logFile = join(folder, "slotkeeper.log");
    const slotkeeper = startSlotkeeper(["up", "--config", configFile], { logFd: openSync(logFile, "a") });
    const control = await serveControl(devnet);
    const withdraw = announceControl(control.socketPath);
    try {
      const gatewayUrl = `http://127.0.0.1:${ports.gateway}`;
      const isUp = await Promise.race([waitForAnswer(`${gatewayUrl}/eth/v1/node/version`, signal), slotkeeper.exited]);
      if (signal.aborted) return;
      if (isUp !== true) throw new Error(`Slotkeeper did not start; its log says:\n${lastLines(logFile)}`);
      await waitUntilServing(`http://127.0.0.1:${ports.page}/api/v1/snapshot`, signal);
      devnet.startValidatorClient({
        name: "vc",
        firstIndex: 0,
        lastIndex: devnet.validators - 1,
        beaconNodeUrls: [gatewayUrl],
      });
      for (const line of introduction(devnet, ports, logFile)) say(line);
      const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      const ended = slotkeeper.exited.then((code) => {
        if (!signal.aborted) throw new Error(`Slotkeeper ended (${code}); its log says:\n${lastLines(logFile)}`);
      });
      await Promise.race([stopped, ended, watchDuties(devnet, { say, startedAt, signal })]);
    } finally {
      withdraw();
      say("Stopping …");
      // Clients first: with nobody left to serve, the gateway drains at once.
      await Promise.all(devnet.validatorClients.map((client) => client.stop()));
      await slotkeeper.stop();
      await control.close();
    }
  } finally {
    await devnet.stop();
    say("Everything has ended.");
  }
}

function configText(devnet: Devnet, ports: Ports): string {
  const nodes = devnet.nodes.map((node) => `  - name: ${node.name}\n    url: ${node.url}\n    host: this-machine\n`);
  return [
    "# Written by npm start for its local network; thrown away at the next start.\n",
    "nodes:\n",
    ...nodes,
    "groups:\n  - name: main\n",
    `    listen: 127.0.0.1:${ports.gateway}\n`,
    `    nodes: [${devnet.nodes.map((node) => node.name).join(", ")}]\n`,
    `server:\n  listen: 127.0.0.1:${ports.page}\n  dataFolder: ${JSON.stringify(join(folder, "data"))}\n`,
    "validators:\n  - name: local\n    csv: validators.csv\n    labels: { validatorClient: vc, host: this-machine }\n",
    "customers:\n  - name: north\n  - name: south\n    uptimeTarget: 99.5\n",
    `gateway:\n  metricsListen: 127.0.0.1:${ports.metrics}\n`,
  ].join("");
}

/** Two customers, so that the pages have something to compare. */
function validatorsText(validators: number): string {
  const rows = Array.from({ length: validators }, (_, index) => `${index},${index % 4 === 0 ? "south" : "north"}`);
  return ["index,customer", ...rows, ""].join("\n");
}

function introduction(devnet: Devnet, ports: Ports, logFile: string): string[] {
  return [
    "",
    `  Page     http://127.0.0.1:${ports.page}`,
    `  Gateway  http://127.0.0.1:${ports.gateway}   (the validator client knows only this URL)`,
    ...devnet.nodes.map((node) => `  ${node.name}      ${node.url}`),
    `  Log      ${relative(process.cwd(), logFile)}`,
    "",
    "Break it, from another terminal, and watch the page:",
    ...devnet.nodes.map(
      (node) => `  npm run devnet -- kill ${node.name}      then: npm run devnet -- restart ${node.name}`,
    ),
    "  npm run devnet -- freeze bn1    then: npm run devnet -- thaw bn1",
    "",
    "Ctrl-C ends everything. What the chain says of our validators:",
  ];
}

/** The wanted port where it is free, else any other. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    const got = await new Promise<number | undefined>((resolve) => {
      server.once("error", () => resolve(undefined));
      server.listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    await new Promise<void>((resolve) => (got === undefined ? resolve() : server.close(() => resolve())));
    if (got !== undefined) return got;
  }
  throw new Error("no free port on 127.0.0.1");
}

/** True once the URL answers with 200; false when the signal aborted first. */
async function waitForAnswer(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) });
      await answer.arrayBuffer();
      if (answer.ok) return true;
    } catch {
      // Not yet there: that is what is being waited for.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The page's own data say when a node serves; asking the gateway too early would count as a failed request there. */
async function waitUntilServing(snapshotUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await fetch(snapshotUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) });
      const { gateways } = (await answer.json()) as Snapshot;
      if (gateways[0]?.status?.groups[0]?.view.kind === "serving") return;
    } catch {
      // The monitor starts after the gateway.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-12).join("\n");
}
