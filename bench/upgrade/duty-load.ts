import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Ask, type ClientKind, type LoadClient } from "./clients.ts";

export interface Tally {
  requests: number;
  /** Not answered, or answered with anything but 2xx; the first of each kind in words. */
  failed: number;
  failures: Map<string, number>;
  byKind: Record<string, { requests: number; failed: number }>;
}

export const createTally = (): Tally => ({ requests: 0, failed: 0, failures: new Map(), byKind: {} });

export function count(tally: Tally, kind: string, failure: string | undefined): void {
  const of = (tally.byKind[kind] ??= { requests: 0, failed: 0 });
  tally.requests++;
  of.requests++;
  if (failure === undefined) return;
  tally.failed++;
  of.failed++;
  tally.failures.set(`${kind}: ${failure}`, (tally.failures.get(`${kind}: ${failure}`) ?? 0) + 1);
}

export interface SlotTimes {
  genesisTimeMs: number;
  slotDurationMs: number;
}

const slotsPerEpoch = 8;
const signature = `0x${"11".repeat(96)}`;
const randao = `0x${"22".repeat(96)}`;

/** Does what a validator client does: duties, attestation data and its publication, preparations, and states, on one connection. */
export async function runWorker(
  kind: ClientKind,
  number: number,
  url: URL,
  times: SlotTimes,
  pauseMs: () => number,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const client = createClient(kind, url);
  const slotNow = () => Math.floor((Date.now() - times.genesisTimeMs) / times.slotDurationMs);
  let attestedSlot = -1;
  for (let turn = 0; !signal.aborted; turn++) {
    const slot = slotNow();
    if (turn % 4 === 0 && slot !== attestedSlot) {
      attestedSlot = slot;
      await attest(client, kind, slot, 1_000 * (slot % slotsPerEpoch) + number, tally);
    } else await tryAsk(client, kind, anyAsk(turn, slot, number), tally);
    await sleep(pauseMs(), undefined, { signal }).catch(() => undefined);
  }
  await client.close();
}

/** A proposer: a block of the next slot is produced on one connection and published on another one. */
export async function runProposer(url: URL, times: SlotTimes, tally: Tally, signal: AbortSignal): Promise<number> {
  const [producer, publisher] = [createClient("undici", url), createClient("node-agent", url)];
  let proposals = 0;
  for (let last = 0; !signal.aborted; await sleep(100, undefined, { signal }).catch(() => undefined)) {
    const at = (Date.now() - times.genesisTimeMs) / times.slotDurationMs;
    const slot = Math.floor(at) + 1;
    if (slot === last || at % 1 < 0.3 || at % 1 > 0.8) continue;
    last = slot;
    const path = `/eth/v3/validator/blocks/${slot}?randao_reveal=${randao}`;
    const body = await tryAsk(producer, "produce", { method: "GET", path }, tally);
    if (body === undefined) continue;
    const { data } = JSON.parse(body) as { data: { block?: unknown } };
    const contents =
      data.block === undefined
        ? { message: data, signature }
        : { ...data, block: undefined, signed_block: { message: data.block, signature } };
    await sleep(400 * Math.random());
    const sent = { method: "POST", path: "/eth/v2/beacon/blocks", body: JSON.stringify(contents) } as const;
    if ((await tryAsk(publisher, "publish-block", sent, tally)) !== undefined) proposals++;
  }
  await producer.close();
  await publisher.close();
  return proposals;
}

async function attest(client: LoadClient, kind: string, slot: number, attester: number, tally: Tally): Promise<void> {
  const path = `/eth/v1/validator/attestation_data?slot=${slot}&committee_index=0`;
  const body = await tryAsk(client, kind, { method: "GET", path }, tally);
  if (body === undefined) return;
  const { data } = JSON.parse(body) as { data: unknown };
  const single = { committee_index: "0", attester_index: String(attester), data, signature };
  const publish = { method: "POST", path: "/eth/v2/beacon/pool/attestations", body: JSON.stringify([single]) } as const;
  await tryAsk(client, kind, publish, tally);
}

function anyAsk(turn: number, slot: number, number: number): Ask {
  const epoch = Math.floor(slot / slotsPerEpoch);
  const preparation = [{ validator_index: String(number % 64), fee_recipient: `0x${"33".repeat(20)}` }];
  const asks: readonly Ask[] = [
    { method: "GET", path: "/eth/v1/node/syncing" },
    { method: "GET", path: `/eth/v1/validator/duties/proposer/${epoch}` },
    { method: "POST", path: `/eth/v1/validator/duties/attester/${epoch}`, body: JSON.stringify(["1", "2", "3"]) },
    { method: "GET", path: "/eth/v1/beacon/states/head/finality_checkpoints" },
    { method: "GET", path: "/eth/v1/beacon/headers/head" },
    { method: "POST", path: "/eth/v1/validator/prepare_beacon_proposer", body: JSON.stringify(preparation) },
    { method: "GET", path: "/eth/v1/beacon/blocks/head/root" },
  ];
  return asks[(turn + number) % asks.length] as Ask;
}

/** The body of a good answer; everything else is counted as failed. */
async function tryAsk(client: LoadClient, kind: string, ask: Ask, tally: Tally): Promise<string | undefined> {
  const place = `${ask.method} ${ask.path.split("?")[0]?.replaceAll(/\/\d+/g, "/N")}`;
  try {
    const { status, body } = await client.ask(ask);
    const isGood = status >= 200 && status < 300;
    count(tally, kind, isGood ? undefined : `${place} answered ${status} ${body.slice(0, 200)}`);
    return isGood ? body : undefined;
  } catch (error) {
    count(tally, kind, `${place} ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
