import { dutyBits, type EpochColumns, type RewardSource } from "../types.ts";
import { emptySlotsOf } from "./empty-slots.ts";
import { isPhase0Accounting } from "./judge-vote.ts";
import type { JudgeInput } from "./judge-input.ts";
import { rewardTable, type RewardTable } from "./spec-rewards.ts";

export interface JudgedColumns {
  columns: EpochColumns;
  rewards: RewardSource;
  /** By the specification, where the whole chain's stake is known. */
  table: RewardTable | undefined;
  caveats: string[];
}

const int32Max = 2 ** 31 - 1;

/** Attestation duties, balances and rewards of the watched validators. */
export function judgeColumns(input: JudgeInput, isSlashed: (validatorIndex: number) => boolean): JudgedColumns {
  const { ledger, watched, network, spec } = input;
  const count = watched.indices.length;
  const columns: EpochColumns = {
    indices: watched.indices,
    duty: new Uint8Array(count),
    delay: new Uint8Array(count),
    emptySlots: new Uint8Array(count),
    effectiveBalance: watched.effectiveBalance ?? new Uint16Array(count),
    balance: watched.balance ?? new Float64Array(count).fill(NaN),
    earned: new Int32Array(count),
    ideal: new Int32Array(count),
  };
  const caveats: string[] = [];
  const firstSlot = input.epoch * spec.slotsPerEpoch;
  const emptySlots = emptySlotsOf(input.chain, firstSlot);
  for (let i = 0; i < count; i += 1) {
    const validatorIndex = watched.indices[i]!;
    const place = ledger.placeOf(validatorIndex);
    let duty = place === undefined ? 0 : ledger.duty[place]!;
    if (isSlashed(validatorIndex)) duty |= dutyBits.slashed;
    columns.duty[i] = duty;
    const delay = place === undefined ? 0 : ledger.delay[place]!;
    columns.delay[i] = delay;
    if (delay > 1) columns.emptySlots[i] = emptySlots(ledger.seatOf(place!).slot - firstSlot, delay);
  }
  if (watched.effectiveBalance === undefined) {
    if (network === undefined) caveats.push("balances-unknown");
    else columns.effectiveBalance = Uint16Array.from(watched.indices, (index) => network.effectiveBalance[index] ?? 0);
  }

  const table = tableFor(input, isSlashed, caveats);
  const told = input.rewards?.attestations;
  if (told !== undefined) {
    takeToldRewards(columns, told, caveats);
    return { columns, rewards: "node", table, caveats };
  }
  if (table === undefined) return { columns, rewards: "none", table, caveats: [...caveats, "no-rewards"] };
  for (let i = 0; i < count; i += 1) {
    if ((columns.duty[i]! & dutyBits.assigned) === 0) continue;
    columns.earned[i] = table.earned(columns.effectiveBalance[i]!, columns.duty[i]!);
    columns.ideal[i] = table.ideal(columns.effectiveBalance[i]!);
  }
  return { columns, rewards: "computed", table, caveats };
}

/** Whoever has no reward, no ideal or an impossible one counts as 0 of 0, so that no share is skewed. */
function takeToldRewards(
  columns: EpochColumns,
  told: NonNullable<NonNullable<JudgeInput["rewards"]>["attestations"]>,
  caveats: string[],
): void {
  const byIndex = new Map(told.map((reward) => [reward.index, reward]));
  let isComplete = true;
  for (let i = 0; i < columns.indices.length; i += 1) {
    const reward = byIndex.get(columns.indices[i]!);
    const isAssigned = (columns.duty[i]! & dutyBits.assigned) !== 0;
    const earned = reward === undefined ? NaN : reward.head + reward.target + reward.source + reward.inactivity;
    const parts = reward?.ideal;
    const ideal = !isAssigned ? 0 : parts === undefined ? NaN : parts.head + parts.target + parts.source;
    if (Number.isInteger(earned) && Number.isInteger(ideal) && Math.abs(earned) <= int32Max && ideal <= int32Max) {
      columns.earned[i] = earned;
      columns.ideal[i] = ideal;
    } else if (isAssigned) isComplete = false;
  }
  if (!isComplete) caveats.push("rewards-incomplete");
}

function tableFor(
  input: JudgeInput,
  isSlashed: (validatorIndex: number) => boolean,
  caveats: string[],
): RewardTable | undefined {
  const { network, spec, epoch, ledger } = input;
  const isLeaking =
    input.finalizedEpoch !== undefined && epoch - input.finalizedEpoch > spec.minEpochsToInactivityPenalty;
  if (isLeaking) caveats.push("inactivity-leak");
  if (network === undefined) return undefined;
  if (isPhase0Accounting(spec, epoch)) {
    caveats.push("phase0-rewards");
    return undefined;
  }
  if (input.finalizedEpoch === undefined) caveats.push("finality-unknown");
  const participation = { source: 0, target: 0, head: 0 };
  const { members } = ledger.committees;
  for (let place = 0; place < members.length; place += 1) {
    const duty = ledger.duty[place]!;
    if ((duty & dutyBits.included) === 0 || isSlashed(members[place]!)) continue;
    const increments = network.effectiveBalance[members[place]!] ?? 0;
    if ((duty & dutyBits.timelySource) !== 0) participation.source += increments;
    if ((duty & dutyBits.timelyTarget) !== 0) participation.target += increments;
    if ((duty & dutyBits.timelyHead) !== 0) participation.head += increments;
  }
  return rewardTable(spec, network.activeIncrements, participation, isLeaking);
}
