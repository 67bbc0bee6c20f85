import { Agent } from "undici";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/** Counts of one soak. */
export interface MixTally {
  requests: number;
  failedDuties: number;
  failedOthers: number;
  /** By route and status or error. */
  failures: Map<string, number>;
}

export interface Times {
  genesisTimeMs: number;
  slotDurationMs: number;
}

interface Call {
  path: string;
  isDuty: boolean;
  method?: "GET" | "POST" | "HEAD";
  body?: string | Buffer;
  headers?: Record<string, string>;
  /** So many clients call at once, as they do when a duty is due. */
  copies?: number;
}

const slotsPerEpoch = 8;
const json = { "content-type": "application/json" };
const indices = JSON.stringify(Array.from({ length: 64 }, (_, index) => String(index)));
const preparations = JSON.stringify([{ validator_index: "1", fee_recipient: `0x${"ab".repeat(20)}` }]);

const electra = { "eth-consensus-version": "electra" };
const bytes = (byte: string, length: number) => `0x${byte.repeat(length)}`;

function attestations(slot: number): string {
  const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: bytes("01", 32) });
  const epoch = Math.floor(slot / slotsPerEpoch);
  const data = {
    slot: String(slot),
    index: "0",
    beacon_block_root: bytes("aa", 32),
    source: checkpoint(epoch - 1),
    target: checkpoint(epoch),
  };
  return JSON.stringify([
    { committee_index: "0", attester_index: String(slot % 64), data, signature: bytes("ab", 96) },
  ]);
}

function syncMessages(slot: number): string {
  const message = { slot: String(slot), beacon_block_root: bytes("aa", 32), validator_index: "1" };
  return JSON.stringify([{ ...message, signature: bytes("ab", 96) }]);
}

/** What a validator client asks, duties and others, in the forms that clients use: packed, HEAD, SSZ, large and unknown. */
function callsOf(slot: number): Call[] {
  const epoch = Math.floor(slot / slotsPerEpoch);
  const post = (path: string, body: string | Buffer, isDuty: boolean, headers = {}): Call => {
    return { path, method: "POST", body, isDuty, headers: { ...json, ...headers } };
  };
  return [
    { path: `/eth/v1/validator/attestation_data?slot=${slot}&committee_index=0`, isDuty: true },
    { path: "/eth/v1/beacon/blocks/head/root", isDuty: true },
    { path: `/eth/v1/validator/duties/proposer/${epoch}`, isDuty: true },
    post(`/eth/v1/validator/duties/attester/${epoch}`, indices, true),
    post(`/eth/v1/validator/duties/sync/${epoch}`, indices, true),
    post("/eth/v1/validator/prepare_beacon_proposer", gzipSync(preparations), true, { "content-encoding": "gzip" }),
    { ...post("/eth/v2/beacon/pool/attestations", attestations(slot), true, electra), copies: 8 },
    { ...post("/eth/v1/beacon/pool/sync_committees", syncMessages(slot), true), copies: 8 },
    { path: "/eth/v1/node/syncing", isDuty: false },
    { path: "/eth/v1/config/spec", isDuty: false, headers: { "accept-encoding": "gzip" } },
    { path: "/eth/v1/beacon/genesis", isDuty: false, method: "HEAD" },
    { path: "/eth/v2/beacon/blocks/head", isDuty: false, headers: { accept: "application/octet-stream" } },
    { path: `/eth/v1/beacon/states/head/validators?id=${slot % 64}`, isDuty: false },
    post("/eth/v1/beacon/states/head/validators", JSON.stringify({ ids: [String(slot % 64)] }), false),
    { path: "/eth/v1/beacon/pool/voluntary_exits", isDuty: false },
    { path: `/eth/v1/beacon/headers/${"0x" + "00".repeat(32)}`, isDuty: false },
  ];
}

/** Calls at a moderate rate until `signal` aborts; resolves when nothing is under way any more and all sockets are closed. */
export async function runMix(
  url: string,
  times: Times,
  perSecond: number,
  tally: MixTally,
  signal: AbortSignal,
): Promise<void> {
  const agent = new Agent({ connections: 50, keepAliveTimeout: 30_000 });
  const underWay = new Set<Promise<void>>();

  async function one({ path, method = "GET", body, headers = {}, isDuty }: Call): Promise<void> {
    tally.requests++;
    let outcome: string | number;
    try {
      const answer = await agent.request({ origin: url, path, method, headers, body: body ?? null });
      await answer.body.dump({ limit: 16 * 1024 * 1024 });
      outcome = answer.statusCode;
    } catch (error) {
      outcome = (error as NodeJS.ErrnoException).code ?? String(error);
    }
    if (typeof outcome === "number" && outcome < 500) return;
    if (isDuty) tally.failedDuties++;
    else tally.failedOthers++;
    const key = `${method} ${path.replace(/\d{2,}|0x\w+/g, "N")}: ${outcome}`;
    tally.failures.set(key, (tally.failures.get(key) ?? 0) + 1);
  }

  for (let number = 0; !signal.aborted; number++) {
    const calls = callsOf(Math.floor((Date.now() - times.genesisTimeMs) / times.slotDurationMs));
    const next = calls[number % calls.length] as Call;
    for (let copy = 0; copy < (next.copies ?? 1); copy++) {
      const call = one(next);
      underWay.add(call);
      void call.finally(() => underWay.delete(call));
    }
    await sleep(1_000 / perSecond, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(underWay);
  await agent.close();
}
