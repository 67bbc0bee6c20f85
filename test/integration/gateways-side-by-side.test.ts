import { get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processTree } from "../../bench/lib/process-usage.ts";
import { blindedBlock, produceBlock, publishBlock, startSimNetwork, type SimNetwork } from "../support/sim-network.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";

const slotDurationMs = 2_000;

/** Two gateways, each a launcher and a process of its own with its own data, over the same nodes; they share nothing. */
describe("two gateways side by side", () => {
  let network: SimNetwork;
  let a: SlotkeeperUnderTest;
  let b: SlotkeeperUnderTest;

  beforeEach(async () => {
    network = await startSimNetwork(3, slotDurationMs);
    const nodes = network.nodes.map(({ name, url }) => ({ name, url }));
    [a, b] = await Promise.all([startUnderTest("gateway", nodes), startUnderTest("gateway", nodes)]);
  });
  afterEach(async () => {
    await Promise.all([a.stop(), b.stop()]);
    await network.stop();
  });

  const received = (kind: string) =>
    network.nodes.flatMap((node) =>
      node
        .received()
        .filter(({ method, path }) => method === "POST" && path === `/eth/v2/beacon/${kind}`)
        .map(() => node.name),
    );

  it("a block produced at one is published at the other, which does not know its creator: by every node", async () => {
    const { body, creator } = await produceBlock(a.gatewayUrl, await network.slotToBuild());
    expect((await publishBlock(b.gatewayUrl, "blocks", body)).status).toBe(200);
    await until(() => received("blocks").length === 3);
    expect(received("blocks").sort()).toEqual(["bn1", "bn2", "bn3"]);
    expect(received("blocks")).toContain(creator);
  });

  it("a blinded block of an unknown creator is tried at one node after the other, until one takes it", async () => {
    const slot = network.nextSlot() - 1;
    const blinded = blindedBlock(slot, network.chain.headAt(slot - 1).root);
    for (const node of network.nodes.slice(0, 2))
      node.setFault({ kind: "status", status: 500, path: "blinded_blocks" });
    expect((await publishBlock(b.gatewayUrl, "blinded_blocks", blinded)).status).toBe(200);
    expect(received("blinded_blocks").at(-1)).toBe("bn3");
    expect(new Set(received("blinded_blocks")).size).toBe(received("blinded_blocks").length);
  });

  it("both stream events, and a client whose gateway dies goes on with the other", async () => {
    const streams = await Promise.all([a, b].map(({ gatewayUrl }) => openStream(gatewayUrl)));
    const heads = streams.map((stream) => headsOf(stream));
    await until(() => heads.every((seen) => seen.length > 0));
    const common = heads[0]?.at(-1) ?? "";
    await until(() => heads[1]?.includes(common) ?? false);

    const before = heads[1]?.length ?? 0;
    for (const pid of processTree(a.pid)) process.kill(pid, "SIGKILL");
    // What a validator client with a list does: the next URL, where one does not answer.
    const ask = async (path: string) => {
      for (const { gatewayUrl } of [a, b]) {
        const answer = await fetch(gatewayUrl + path).catch(() => undefined);
        if (answer?.ok) return answer;
      }
      throw new Error(`no gateway answers ${path}`);
    };
    const slot = network.nextSlot() - 1;
    const duty = await ask(`/eth/v1/validator/attestation_data?slot=${slot}&committee_index=0`);
    expect(await duty.json()).toMatchObject({ data: { slot: String(slot) } });
    await until(() => (heads[1]?.length ?? 0) > before);
    streams[1]?.destroy();
  });
});

async function openStream(url: string): Promise<IncomingMessage> {
  const request = get(`${url}/eth/v1/events?topics=head`, { agent: false });
  request.on("error", () => undefined);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  return response;
}

/** Roots of the heads that the stream tells, as they come. */
function headsOf(stream: IncomingMessage): string[] {
  const heads: string[] = [];
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^event: head\ndata: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) heads.push((JSON.parse(data) as { block: string }).block);
    }
  });
  return heads;
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(50)) if (condition()) return;
  throw new Error("the condition did not come to hold within 30 s");
}
