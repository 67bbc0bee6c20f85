import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/api/contract.ts";
import { runCommand } from "../../src/app/testing/run-command.ts";
import { createControlClient } from "../../src/control/client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";
import { startSimNetwork, type SimNetwork } from "../support/sim-network.ts";

const slotDurationMs = 2_000;
const attestationData = () => `/eth/v1/validator/attestation_data?slot=${network.nextSlot() - 1}&committee_index=0`;

let network: SimNetwork;
let slotkeeper: SlotkeeperUnderTest;

/** The whole program over simulated nodes of three client families: what validator clients, metrics and the page are told. */
describe("with no node ready, and in a split", () => {
  beforeEach(async () => {
    network = await startSimNetwork(3, slotDurationMs);
    slotkeeper = await startUnderTest(
      "up",
      network.nodes.map(({ name, url }) => ({ name, url })),
    );
    await until(async () => (await snapshot()).state.level === "fine");
  });

  afterEach(async () => {
    await slotkeeper.stop();
    await network.stop();
  });

  it("withholds what is signed, serves reads marked as degraded, takes what is published, and recovers alone", async () => {
    for (const node of network.nodes) node.setFault({ kind: "optimistic" });
    const held = async () => {
      const { status, headers } = await ask(attestationData());
      return `${status} ${headers.get("x-slotkeeper-reason")}`;
    };
    // Until the nodes have been asked again, it is their own 503 that is passed on.
    await until(async () => (await held()) === "503 no-signing-node");
    const read = await ask("/eth/v1/beacon/states/head/finality_checkpoints");
    expect([read.status, read.headers.get("x-slotkeeper-degraded")]).toEqual([200, "nobody-ready"]);
    const syncing = (await (await ask("/eth/v1/node/syncing")).json()) as { data: { is_optimistic: boolean } };
    expect(syncing.data.is_optimistic).toBe(true);
    expect((await ask("/eth/v1/node/health")).status).toBe(206);
    const published = await fetch(`${slotkeeper.gatewayUrl}/eth/v1/validator/prepare_beacon_proposer`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ validator_index: "1", fee_recipient: `0x${"11".repeat(20)}` }]),
    });
    expect(published.status).toBe(200);
    await until(async () => (await snapshot()).state.level === "bad");
    await until(async () => (await counter("slotkeeper_gateway_no_ready_seconds_total")) > 0);

    for (const node of network.nodes) node.clearFault();
    await until(async () => (await ask(attestationData())).status === 200);
    await until(async () => (await snapshot()).gateways[0]?.status?.groups[0]?.view.kind === "serving");
    expect((await ask("/eth/v1/beacon/states/head/finality_checkpoints")).headers.get("x-slotkeeper-degraded")).toBe(
      null,
    );
  });

  it("answers 503 with a reason when nobody can be reached, and serves again as soon as somebody can", async () => {
    for (const node of network.nodes) node.setFault({ kind: "hang" });
    await until(async () => (await ask("/eth/v1/node/health")).status === 503);
    const read = await ask("/eth/v1/beacon/states/head/root");
    expect([read.status, read.headers.get("x-slotkeeper-reason")]).toEqual([503, "no-node"]);
    expect((await ask("/eth/v1/events?topics=head")).status).toBe(503);
    await until(async () => (await snapshot()).state.level === "bad");
    for (const node of network.nodes) node.clearFault();
    await until(async () => (await ask(attestationData())).status === 200);
  });

  it("waits in a split for a person, who chooses the branch by command; everything shows which one", async () => {
    const [, , third] = network.nodes;
    third?.setFault({ kind: "split" });
    await until(async () => (await view())?.kind === "split");

    const held = await ask(attestationData());
    expect([held.status, held.headers.get("x-slotkeeper-reason")]).toEqual([503, "split"]);
    await until(async () => (await snapshot()).state.sentence.toLowerCase().includes("branch"));
    // Time alone changes nothing: two blocks later it is still for a person to say.
    const before = network.nextSlot();
    await until(() => Promise.resolve(network.nextSlot() >= before + 2));
    expect((await ask(attestationData())).status).toBe(503);

    const choose = ["gateway", "branch", "choose", "bn1", "--config", slotkeeper.configFile];
    const command = runCommand(dirname(slotkeeper.configFile), ...choose);
    expect(await command.ended, command.output().stderr).toBe(0);
    await until(async () => (await ask(attestationData())).status === 200);
    const served = await ask(attestationData());
    expect(["bn1", "bn2"]).toContain(served.headers.get("x-slotkeeper-node"));
    expect((await group())?.chosenBranch?.root).toMatch(/^0x/);
  });
});

const ask = async (path: string): Promise<Response> => {
  const answer = await fetch(slotkeeper.gatewayUrl + path, { signal: AbortSignal.timeout(10_000) });
  const body = await answer.arrayBuffer();
  return new Response([204, 205, 304].includes(answer.status) ? null : body, answer);
};
const snapshot = async (): Promise<Snapshot> =>
  (await (await fetch(`${slotkeeper.pageUrl}/api/v1/snapshot`)).json()) as Snapshot;
const control = () => createControlClient({ kind: "socket", path: slotkeeper.controlSocket }, systemClock);
const group = async () => (await control().status()).groups[0];
const view = async () => (await group())?.view;

async function counter(name: string): Promise<number> {
  const line = (await control().metrics()).split("\n").find((each) => each.startsWith(name));
  return Number(line?.split(" ").at(-1) ?? 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(50))
    if (await condition().catch(() => false)) return;
  throw new Error(`the condition did not come to hold within 30 s\n${slotkeeper.log().slice(-3_000)}`);
}
