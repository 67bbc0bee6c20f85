import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import { createBlockChain } from "../follow/block-chain.ts";
import { createEpochFacts } from "../follow/epoch-facts.ts";
import { judgeFromChain, type WatchedSet } from "../follow/judge-from-chain.ts";
import { openEpoch } from "../follow/open-epoch.ts";
import { createWatchedFacts } from "../follow/watched-facts.ts";
import type { DutySpec } from "../judge/duty-spec.ts";
import { unknownCause, type CauseOf } from "../judge/lost-duty.ts";
import { proveDuty } from "../judge/prove-duty.ts";
import type { DutySource } from "../ports.ts";
import type { DutyProof, EpochResult, EpochState } from "../types.ts";

export interface AuditOptions {
  source: DutySource;
  spec: DutySpec;
  now: () => number;
  causeOf?: CauseOf;
}

/** One epoch, read from a node alone: nothing stored is needed. */
export interface EpochAudit {
  result: EpochResult;
  prove(validatorIndex: number): DutyProof;
}

/** Reads and judges one epoch for these validators, or for everybody in its committees. */
export async function auditEpoch(
  options: AuditOptions,
  epoch: number,
  validators: Uint32Array | "everybody",
  signal: AbortSignal,
): Promise<CallResult<EpochAudit>> {
  const { source, spec, now, causeOf = unknownCause } = options;
  const { slotsPerEpoch } = spec;
  const chain = createBlockChain((root, abort) => source.block(root, abort));
  const end = (epoch + 2) * slotsPerEpoch - 1;

  const head = await source.head(signal);
  if (!head.ok) return head;
  const facts = createEpochFacts({ source, spec, chain, newestSlot: head.value.slot });
  if (head.value.slot < epoch * slotsPerEpoch)
    return failed(
      "status",
      `audit epoch ${epoch}: the chain's head is at slot ${head.value.slot}, before this epoch. Ask for an earlier one, or wait for the node`,
    );
  const finality = await source.finality(signal);
  if (!finality.ok) return finality;
  const finalizedEpoch = finality.value.finalized.epoch;
  const target = head.value.slot <= end ? head.value : await canonicalAtOrBefore(source, end, slotsPerEpoch, signal);
  if ("ok" in target) return target;
  const walked = await chain.advance(target, Math.max(0, (epoch - 1) * slotsPerEpoch - 1), signal);
  if (!walked.ok) return { ok: false, failure: walked.failure, latencyMs: 0 };

  const state: EpochState = finalizedEpoch >= epoch + 2 ? "final" : head.value.slot >= end ? "provisional" : "live";
  const parts = { chain, facts, spec, source };
  const opened = await openEpoch(parts, epoch, new Uint32Array(0), undefined, signal);
  if (!opened.ok) return opened;
  const { committees } = opened.value;
  const indices =
    validators === "everybody" ? Uint32Array.from(committees.members).sort() : Uint32Array.from(validators).sort();
  const watched: WatchedSet = { indices, cohorts: [], policyOf: () => undefined };
  const judged = await judgeFromChain(
    {
      ...parts,
      watchedFacts: createWatchedFacts(source, spec.effectiveBalanceIncrement),
      causesOf: () => causeOf,
      now,
    },
    epoch,
    state,
    { watched, known: undefined, wasSlashed: undefined, finalizedEpoch: undefined },
    signal,
  );
  if (!judged.ok) return judged;
  const blocks = await chain.blocks(epoch * slotsPerEpoch, end, signal);
  if (!blocks.ok) return blocks;
  const slashed = new Set(judged.value.slashings.map(({ validatorIndex }) => validatorIndex));
  const value: EpochAudit = {
    result: judged.value,
    prove: (validatorIndex) =>
      proveDuty({
        ...{ validatorIndex, epoch, state, spec, committees, blocks: blocks.value, chain },
        isSlashed: slashed.has(validatorIndex),
      }),
  };
  return { ok: true, value, status: 200, latencyMs: 0 };
}

async function canonicalAtOrBefore(
  source: DutySource,
  slot: number,
  slotsPerEpoch: number,
  signal: AbortSignal,
): Promise<{ slot: number; root: string } | { ok: false; failure: CallFailure; latencyMs: number }> {
  for (let at = slot; at >= Math.max(0, slot - 2 * slotsPerEpoch); at--) {
    const read = await source.rootsAt(at, signal);
    if (!read.ok) return read;
    const found = read.value.find(({ isCanonical }) => isCanonical);
    if (found) return { slot: at, root: found.root };
  }
  return failed(
    "status",
    `read the chain at slot ${slot}: the node names no canonical block in the two epochs before it`,
    404,
  );
}

function failed(
  kind: CallFailure["kind"],
  message: string,
  status?: number,
): { ok: false; failure: CallFailure; latencyMs: number } {
  return { ok: false, failure: { kind, message, ...(status !== undefined && { status }) }, latencyMs: 0 };
}
