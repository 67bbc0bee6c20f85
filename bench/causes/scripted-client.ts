import { setTimeout as sleep } from "node:timers/promises";
import type { SimChain } from "../../src/sim/chain/types.ts";
import type { SingleAttestation } from "./vote-book.ts";

/** How the client behaves; the injections change it. */
export interface ClientHabits {
  isPaused: boolean;
  /** When it publishes, as a share of the slot; it asks at a third in any case. */
  publishShare: number;
  /** It signs for this head whatever it was served. */
  headRoot: string | undefined;
  /** Its signer refuses for everybody. */
  isSignerDown: boolean;
}

export interface ScriptedClient {
  habits: ClientHabits;
  stop(): Promise<void>;
}

const json = { "content-type": "application/json", "eth-consensus-version": "fulu" };

/** A validator client of the validators with an index below `own`, but for those whose keys are not loaded. */
export function startScriptedClient(
  gatewayUrl: string,
  chain: SimChain,
  own: number,
  isLoaded: (index: number) => boolean,
): ScriptedClient {
  const habits: ClientHabits = { isPaused: false, publishShare: 0, headRoot: undefined, isSignerDown: false };
  const stopping = new AbortController();
  const open = new Set<Promise<void>>();
  const atShare = (slot: number, share: number) => chain.startOfSlot(slot) + share * chain.slotDurationMs;
  const until = (at: number) => sleep(Math.max(0, at - Date.now()), undefined, { signal: stopping.signal });

  function members(slot: number): { index: number; committee: number }[] {
    const epoch = chain.epochOf(slot);
    const set = chain.committees(chain.headAt(epoch * chain.slotsPerEpoch - 1), epoch);
    return Array.from({ length: set.committeesPerSlot }, (_, committee) =>
      [...set.members(slot % chain.slotsPerEpoch, committee)]
        .filter((index) => index < own && isLoaded(index))
        .map((index) => ({ index, committee })),
    ).flat();
  }

  async function dutyOf(slot: number): Promise<void> {
    const duties = members(slot);
    // Beside the duty, as clients do: a subscription that hangs must not keep it from attesting.
    if (slot % chain.slotsPerEpoch === 0) {
      const subscribing: Promise<void> = subscribe(slot + 1).finally(() => open.delete(subscribing));
      open.add(subscribing);
    }
    if (duties.length === 0) return;
    const data = await attestationData(slot);
    if (!data || habits.isSignerDown) return;
    if (habits.publishShare > 0) await until(atShare(slot, habits.publishShare));
    const signed = habits.headRoot === undefined ? data : { ...data, beacon_block_root: habits.headRoot };
    await publish(slot, duties, signed);
  }

  /** Asked again until aggregates are made, as clients do. */
  async function attestationData(slot: number): Promise<SingleAttestation["data"] | undefined> {
    const lastAt = atShare(slot, 2 / 3);
    while (Date.now() < lastAt && !habits.isPaused) {
      const answer = await send(`/eth/v1/validator/attestation_data?slot=${slot}&committee_index=0`, lastAt);
      if (answer?.ok) return ((await answer.json()) as { data: SingleAttestation["data"] }).data;
      await answer?.arrayBuffer().catch(() => undefined);
      await sleep(chain.slotDurationMs / 20);
    }
    return undefined;
  }

  async function publish(
    slot: number,
    duties: ReturnType<typeof members>,
    data: SingleAttestation["data"],
  ): Promise<void> {
    const items = duties.map(({ index, committee }): SingleAttestation => ({
      ...{ committee_index: String(committee), attester_index: String(index), data },
      signature: `0x${"11".repeat(96)}`,
    }));
    const lastAt = atShare(slot + 1, 0);
    for (let attempt = 0; attempt < 2 && Date.now() < lastAt; attempt++) {
      const answer = await send("/eth/v2/beacon/pool/attestations", lastAt, items);
      await answer?.arrayBuffer().catch(() => undefined);
      if (answer && answer.status < 500) return;
      await sleep(chain.slotDurationMs / 20);
    }
  }

  async function subscribe(fromSlot: number): Promise<void> {
    // Of this epoch only: committees of the next one hang on blocks that are not there yet, and to look would make them.
    const items = Array.from({ length: chain.slotsPerEpoch - 1 }, (_, ahead) => fromSlot + ahead).flatMap((slot) =>
      members(slot).map(({ index, committee }) => ({
        ...{ validator_index: String(index), committee_index: String(committee), committees_at_slot: "1" },
        ...{ slot: String(slot), is_aggregator: false },
      })),
    );
    const answer = await send("/eth/v1/validator/beacon_committee_subscriptions", atShare(fromSlot, 0), items);
    await answer?.arrayBuffer().catch(() => undefined);
  }

  async function send(path: string, lastAt: number, body?: unknown): Promise<Response | undefined> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(Math.max(1, Math.ceil(lastAt - Date.now())))]);
    const how = body === undefined ? {} : { method: "POST", headers: json, body: JSON.stringify(body) };
    return fetch(gatewayUrl + path, { ...how, signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    for (let slot = chain.slotAt(Date.now()) + 1; !stopping.signal.aborted; slot++) {
      await until(atShare(slot, 0.36));
      if (habits.isPaused) continue;
      const duty: Promise<void> = dutyOf(slot)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) throw error;
        })
        .finally(() => open.delete(duty));
      open.add(duty);
    }
  }
  const running = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    habits,
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(open);
    },
  };
}
