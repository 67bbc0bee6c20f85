import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync, readFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createControlClient } from "../../src/control/client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { blindedBlock, produceBlock, publishBlock, startSimNetwork, type SimNetwork } from "../support/sim-network.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";

/** Long enough for a connection to be used, or not, while an old gateway leaves. */
const slotDurationMs = 2_000;

/** The real launcher over simulated nodes; `slotkeeper gateway upgrade` as an operator types it. */
describe("an upgrade of the gateway", () => {
  let network: SimNetwork;
  let slotkeeper: SlotkeeperUnderTest;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    network = await startSimNetwork(3, slotDurationMs);
    slotkeeper = await startUnderTest(
      "gateway",
      network.nodes.map(({ name, url }) => ({ name, url })),
    );
    await until(async () => (await status()).groups[0]?.view.ready.length === 3);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await slotkeeper.stop();
    await network.stop();
  });

  const control = () => createControlClient({ kind: "socket", path: slotkeeper.controlSocket }, systemClock);
  const status = () => control().status();
  const pid = async () => (await status()).process.pid;

  it("answers the next request on a used connection with `Connection: close`, and passes an idle one on", async () => {
    const before = await pid();
    const [used, idle] = [await openRaw(), await openRaw()];
    expect([await used.ask(), await idle.ask()]).toEqual([
      expect.stringContaining("keep-alive"),
      expect.stringContaining("keep-alive"),
    ]);
    const upgrading = upgrade();
    await untilLogged(/the new gateway accepts; the old one leaves/);
    await until(async () => /connection: close/i.test(await used.ask()));
    await used.closed;
    expect((await upgrading).code).toBe(0);
    expect(await pid()).not.toBe(before);
    // The very same connection: the new process answers on it, and goes on to.
    expect(await idle.ask()).toMatch(/200 OK[^]*keep-alive/i);
    expect(await idle.ask()).toMatch(/200 OK/);
  });

  it("costs no request of a client that asks all the time, and an event stream ends in order", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    const outcomes = new Map<string, number>();
    let isAsking = true;
    const asking = [1, 2, 3].map(async () => {
      while (isAsking) {
        const outcome = await askNode(`${slotkeeper.gatewayUrl}/eth/v1/beacon/states/head/finality_checkpoints`, agent);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    });
    const stream = await openStream();
    const ended = once(stream.resume(), "end");
    expect((await upgrade()).code).toBe(0);
    await ended;
    const again = await openStream();
    const [chunk] = (await once(again.setEncoding("utf8"), "data")) as [string];
    expect(chunk).toContain("retry:");
    again.destroy();
    isAsking = false;
    await Promise.all(asking);
    agent.destroy();
    expect([...outcomes.keys()]).toEqual(["200"]);
  });

  it("publishes a block that was produced before it: a full one at every node, a blinded one at one node", async () => {
    const slot = await network.slotToBuild();
    const { body, creator } = await produceBlock(slotkeeper.gatewayUrl, slot);
    expect(creator).toMatch(/^bn/);
    expect((await upgrade()).code).toBe(0);
    expect((await publishBlock(slotkeeper.gatewayUrl, "blocks", body)).status).toBe(200);
    const got = (kind: string) =>
      network.nodes.map(
        (node) =>
          node.received().filter(({ method, path }) => method === "POST" && path === `/eth/v2/beacon/${kind}`).length,
      );
    await until(() => Promise.resolve(got("blocks").every((count) => count === 1)));
    const parent = network.chain.headAt(slot).root;
    const blinded = blindedBlock(slot + 1, parent);
    expect((await publishBlock(slotkeeper.gatewayUrl, "blinded_blocks", blinded)).status).toBe(200);
    expect(got("blinded_blocks").reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it("keeps what people decided, and what validator clients told", async () => {
    await control().setOperatorState("main", "bn3", "cordoned", "alice");
    const preparation = [{ validator_index: "7", fee_recipient: `0x${"ab".repeat(20)}` }];
    const path = `${slotkeeper.gatewayUrl}/eth/v1/validator/prepare_beacon_proposer`;
    const headers = { "content-type": "application/json" };
    await (await fetch(path, { method: "POST", headers, body: JSON.stringify(preparation) })).arrayBuffer();
    expect((await upgrade()).code).toBe(0);
    expect((await status()).groups[0]?.nodes.find(({ node }) => node === "bn3")?.operator).toBe("cordoned");
    // A node that restarts has forgotten; the new process, which was never told, tells it.
    network.nodes[0]?.restart();
    await until(() => Promise.resolve(network.nodes[0]?.preparations().get(7) === `0x${"ab".repeat(20)}`));
  });

  it("is refused with the place in the file when the configuration is wrong, and the old process serves on", async () => {
    const before = await pid();
    const text = readFileSync(slotkeeper.configFile, "utf8");
    // The command itself reads the file too, so only the launcher is asked.
    writeFileSync(slotkeeper.configFile, `${text}server2: {}\n`);
    process.kill(slotkeeper.pid, "SIGUSR2");
    await untilLogged(/slotkeeper.yaml:\d+:\d+: server2[^]*the gateway was not upgraded/);
    expect(await pid()).toBe(before);
    expect((await fetch(`${slotkeeper.gatewayUrl}/eth/v1/node/version`)).status).toBe(200);
  });

  it("takes over a new group with its listener, and a second launcher on the same data is refused", async () => {
    const text = readFileSync(slotkeeper.configFile, "utf8");
    writeFileSync(slotkeeper.configFile, text.replace("server:", "  - { name: added, listen: 127.0.0.1:0 }\nserver:"));
    expect((await upgrade()).code).toBe(0);
    const added = (await status()).groups.find(({ group }) => group === "added");
    expect((await fetch(`http://127.0.0.1:${added?.listen.port}/eth/v1/node/version`)).status).toBe(200);
    const second = await run(["gateway", "--config", slotkeeper.configFile]);
    expect(second.code).toBe(4);
    expect((await fetch(`${slotkeeper.gatewayUrl}/eth/v1/node/version`)).status).toBe(200);
  });

  const upgrade = () => run(["gateway", "upgrade", "--config", slotkeeper.configFile]);

  async function untilLogged(pattern: RegExp): Promise<void> {
    await until(() => Promise.resolve(pattern.test(slotkeeper.log())));
  }

  async function openStream(): Promise<IncomingMessage> {
    const request = get(`${slotkeeper.gatewayUrl}/eth/v1/events?topics=head`, { agent: false });
    request.on("error", () => undefined);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    return response;
  }

  /** A connection of its own; `ask` sends one request and resolves with the head of its answer. */
  async function openRaw(): Promise<{ ask: () => Promise<string>; closed: Promise<unknown> }> {
    const { hostname, port, host } = new URL(slotkeeper.gatewayUrl);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    await once(socket, "connect");
    const closed = once(socket, "close");
    return {
      closed,
      async ask() {
        socket.write(`GET /eth/v1/node/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        let text = "";
        while (!text.includes("\r\n\r\n")) text += String(((await once(socket, "data")) as [Buffer])[0]);
        return text;
      },
    };
  }
});

/** The status, or what went wrong: nothing is repeated. */
function askNode(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once("error", (error) => resolve(error.message));
      response.once("end", () => resolve(String(response.statusCode)));
    }).once("error", (error) => resolve(error.message));
  });
}

function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    ),
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(50)) if (await condition()) return;
  throw new Error("the condition did not come to hold within 30 s");
}
