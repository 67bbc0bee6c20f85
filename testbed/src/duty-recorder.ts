import { getJson, postJson } from "./beacon-api.ts";
import { readChainClock } from "./judge-read.ts";
import type { ChainClock } from "./judge-read.ts";
import type { AttesterDuty, DutyRecord } from "./judge-types.ts";

export type DutyRecorder = {
  /** Grows as epochs pass. */
  readonly record: DutyRecord;
  /** Failed questions since the start, latest last, at most 100; the epoch they concern may still be recorded later. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
};

type Source = { url: string; indices: readonly string[]; signal: AbortSignal };

const maxFailures = 100;

/**
 * Collects the duties of all validators from one untouched node, once a slot, until stopped: Lodestar 1.5.1 forgets
 * proposers of past epochs at once and attesters after one epoch. Resolves when the present epoch is recorded.
 */
export async function startDutyRecorder(url: string, signal?: AbortSignal): Promise<DutyRecorder> {
  const stopping = new AbortController();
  const either = signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, signal]);
  const clock = await readChainClock(url, { signal: either });
  const validators = await getJson<{ data: unknown[] }>(url, "/eth/v1/beacon/states/head/validators", {
    signal: either,
  });
  const indices = validators.data.map((_, index) => String(index));
  const source = { url, indices, signal: either };
  const record: DutyRecord = { attesters: new Map(), proposers: new Map(), syncCommittees: new Map() };
  const failures: string[] = [];

  await recordEpochs(source, record, presentEpoch(clock));
  const loop = async (): Promise<void> => {
    while (!either.aborted) {
      await pause(msToNextQuestion(clock), either);
      if (either.aborted) return;
      await recordEpochs(source, record, presentEpoch(clock)).catch((error: unknown) => {
        if (!either.aborted) failures.push(String(error));
        if (failures.length > maxFailures) failures.shift();
      });
    }
  };
  const done = loop();
  return {
    record,
    failures,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** To a quarter into the next slot: in the last second of an epoch the node already refuses its proposer duties. */
function msToNextQuestion({ genesisMs, slotDurationMs }: ChainClock): number {
  const quarter = slotDurationMs / 4;
  const slotsPassed = Math.floor((Date.now() - genesisMs - quarter) / slotDurationMs);
  return genesisMs + (slotsPassed + 1) * slotDurationMs + quarter - Date.now();
}

/** Negative before genesis. */
const presentEpoch = ({ genesisMs, slotDurationMs, slotsPerEpoch }: ChainClock): number =>
  Math.floor((Date.now() - genesisMs) / slotDurationMs / slotsPerEpoch);

/**
 * The present epoch's duties, each time anew: the last answer within an epoch wins. The next epoch's attesters and
 * sync committee come along, so that a short silence of the node loses nothing.
 */
async function recordEpochs(source: Source, record: DutyRecord, presentEpoch: number): Promise<void> {
  const epoch = Math.max(0, presentEpoch);
  record.proposers.set(epoch, await readProposers(source, epoch));
  // Before genesis the node refuses duties beyond epoch 0.
  for (const one of presentEpoch < 0 ? [0] : [epoch, epoch + 1]) {
    record.attesters.set(one, await readAttesters(source, one));
    record.syncCommittees.set(one, await readSyncCommittee(source, one));
  }
  if (epoch > 0 && !record.attesters.has(epoch - 1)) {
    record.attesters.set(epoch - 1, await readAttesters(source, epoch - 1));
  }
}

/** Not asked for the next epoch: Lodestar 1.5.1 answers that with the slots of the present one. */
async function readProposers({ url, signal }: Source, epoch: number): Promise<Map<number, number>> {
  type Answer = { data: { slot: string; validator_index: string }[] };
  const { data } = await getJson<Answer>(url, `/eth/v1/validator/duties/proposer/${epoch}`, { signal });
  return new Map(data.map((duty) => [Number(duty.slot), Number(duty.validator_index)]));
}

async function readAttesters({ url, indices, signal }: Source, epoch: number): Promise<AttesterDuty[]> {
  type Duty = { slot: string; committee_index: string; validator_committee_index: string; validator_index: string };
  const path = `/eth/v1/validator/duties/attester/${epoch}`;
  const { data } = await postJson<{ data: Duty[] }>(url, path, indices, { signal });
  return data.map((duty) => ({
    slot: Number(duty.slot),
    committeeIndex: Number(duty.committee_index),
    committeePosition: Number(duty.validator_committee_index),
    validatorIndex: Number(duty.validator_index),
  }));
}

async function readSyncCommittee({ url, indices, signal }: Source, epoch: number): Promise<number[]> {
  type Duty = { validator_index: string; validator_sync_committee_indices: string[] };
  const { data } = await postJson<{ data: Duty[] }>(url, `/eth/v1/validator/duties/sync/${epoch}`, indices, { signal });
  const members: number[] = [];
  for (const duty of data) {
    for (const position of duty.validator_sync_committee_indices)
      members[Number(position)] = Number(duty.validator_index);
  }
  return members;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
