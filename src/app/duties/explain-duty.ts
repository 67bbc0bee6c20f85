import type { CallFailure } from "../../beacon/call-result.ts";
import type { DutyExplanation, ValidatorEpoch, ValidatorRow } from "../../api/contract-duties.ts";
import { placeOf } from "../../duties/read/cell-cache.ts";
import {
  auditWalked,
  proveFromRecord,
  walkEpoch,
  type AuditOptions,
  type RecordedSeat,
} from "../../duties/read/audit-epoch.ts";
import type { DutySpec } from "../../duties/judge/duty-spec.ts";
import type { DutySource, DutyStore } from "../../duties/ports.ts";
import type { DutyProof, EpochResult } from "../../duties/types.ts";

/** What one validator did in one stored epoch; `undefined`: it was not watched then. */
export function validatorEpoch(result: EpochResult, validatorIndex: number): ValidatorEpoch | undefined {
  const { columns } = result;
  const place = placeOf(columns.indices, validatorIndex);
  if (place < 0) return undefined;
  const balance = columns.balance[place];
  const ours = <T extends { validatorIndex: number }>(items: readonly T[]) =>
    items.filter((item) => item.validatorIndex === validatorIndex);
  return {
    ...{ epoch: result.epoch, state: result.state, rewards: result.rewards },
    duty: columns.duty[place] ?? 0,
    delay: columns.delay[place] ?? 0,
    emptySlots: columns.emptySlots[place] ?? 0,
    earned: columns.earned[place] ?? 0,
    ideal: columns.ideal[place] ?? 0,
    balance: balance === undefined || Number.isNaN(balance) ? undefined : balance,
    exceptions: ours(result.exceptions),
    proposals: ours(result.proposals),
    sync: ours(result.sync)[0],
  };
}

/** Where it sat, as it was stored when its attestation was not perfect. */
function recordedSeat(result: EpochResult, validatorIndex: number): RecordedSeat | undefined {
  const { epoch, committeesPerSlot, network, slashings, exceptions } = result;
  const { place } = exceptions.find((it) => it.validatorIndex === validatorIndex && it.kind === "attestation") ?? {};
  if (place === undefined || committeesPerSlot === undefined) return undefined;
  const isSlashed =
    slashings.some((it) => it.validatorIndex === validatorIndex) ||
    exceptions.some((it) => it.validatorIndex === validatorIndex && it.outcome === "slashed");
  return { validatorIndex, epoch, place, committeesPerSlot, members: network.assigned, isSlashed };
}

type Proved = { proof: DutyProof; result?: EpochResult } | { code: string; message: string };

/** From the state where a node holds it, else from the recorded seat; the blocks are read once for both. */
async function proveOnce(
  options: AuditOptions,
  index: number,
  epoch: number,
  signal: AbortSignal,
  recorded: RecordedSeat | undefined,
): Promise<Proved> {
  const walked = await walkEpoch(options, epoch, signal);
  if (!walked.ok) return notProved(epoch, walked.failure);
  const audit = await auditWalked(options, walked.value, Uint32Array.of(index), signal);
  if (audit.ok) return { proof: audit.value.prove(index), result: audit.value.result };
  if (audit.failure.status !== 404 || recorded === undefined) return notProved(epoch, audit.failure);
  const proof = await proveFromRecord(options.spec, walked.value, recorded, signal);
  return proof.ok ? { proof: proof.value } : notProved(epoch, proof.failure);
}

function notProved(epoch: number, { status, message, kind }: CallFailure): Proved {
  if (status !== 404) return { code: kind, message };
  return {
    code: "state-pruned",
    message: `No node holds the state of epoch ${epoch} any more: ${message.replace(/\.$/, "")}. An archive node could prove it.`,
  };
}

/** A proof reads two epochs of blocks and the committees: one at a time, and few waiting. */
const maxWaiting = 4;

export interface Explainer {
  explain(row: ValidatorRow, epoch: number, signal: AbortSignal): Promise<DutyExplanation>;
}

/** Answers "why" from the store, and proves it from a node that still holds the state. */
export function createExplainer(parts: {
  store: Pick<DutyStore, "result">;
  chain(): { source: DutySource; spec: DutySpec } | undefined;
  now: () => number;
}): Explainer {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function prove(
    index: number,
    epoch: number,
    signal: AbortSignal,
    recorded: RecordedSeat | undefined,
  ): Promise<Proved> {
    const chain = parts.chain();
    if (!chain) return { code: "not-following", message: "No beacon node was read yet; try again in a moment." };
    if (waiting >= maxWaiting)
      return { code: "busy", message: `${maxWaiting} proofs are being made already; try again in a moment.` };
    waiting++;
    const turn = last.then(() => proveOnce({ ...chain, now: parts.now }, index, epoch, signal, recorded));
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting--;
    }
  }

  return {
    async explain(validator, epoch, signal) {
      const { index } = validator;
      if (index === undefined)
        return {
          ...{ validator, epoch, outcome: undefined, proof: undefined, network: undefined },
          noProof: { code: "no-index", message: "The chain does not know this key yet, so it had no duty." },
        };
      const stored = await parts.store.result(epoch);
      const proved = await prove(index, epoch, signal, stored && recordedSeat(stored, index));
      const result = stored ?? ("proof" in proved ? proved.result : undefined);
      const slot =
        "proof" in proved
          ? proved.proof.duty?.slot
          : stored?.exceptions.find((item) => item.validatorIndex === index)?.slot;
      const atSlot = result?.slots.find((outcome) => outcome.slot === slot);
      return {
        ...{ validator, epoch, outcome: result && validatorEpoch(result, index) },
        ...("proof" in proved ? { proof: proved.proof } : { proof: undefined, noProof: proved }),
        network: atSlot && { assigned: atSlot.assigned, included: atSlot.included, timelyHead: atSlot.timelyHead },
      };
    },
  };
}
