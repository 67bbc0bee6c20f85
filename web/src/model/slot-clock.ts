import type { GatewayView } from "../../../src/api/contract.ts";
import type { GroupStatus } from "../../../src/control/types.ts";

export type AgreedNetwork = NonNullable<GroupStatus["network"]>;

/** Where a network's wall clock stands. `slot` is -1 and `epoch` -1 before genesis. */
export interface SlotTime {
  slot: number;
  epoch: number;
  /** 0-based index of the slot in its epoch. */
  slotInEpoch: number;
  slotsPerEpoch: number;
  /** How much of the slot has passed, 0 to 1. */
  slotProgress: number;
  slotDurationMs: number;
}

export function slotTimeAt(now: number, network: AgreedNetwork): SlotTime {
  const { genesisTimeMs, slotDurationMs, slotsPerEpoch } = network;
  const elapsed = now - genesisTimeMs;
  if (elapsed < 0) return { slot: -1, epoch: -1, slotInEpoch: 0, slotsPerEpoch, slotProgress: 0, slotDurationMs };
  const slot = Math.floor(elapsed / slotDurationMs);
  return {
    slot,
    epoch: Math.floor(slot / slotsPerEpoch),
    slotInEpoch: slot % slotsPerEpoch,
    slotsPerEpoch,
    slotProgress: (elapsed % slotDurationMs) / slotDurationMs,
    slotDurationMs,
  };
}

/** Networks that the groups have agreed on, each once, in the order of the groups. */
export function networksOf(views: readonly GatewayView[]): readonly AgreedNetwork[] {
  const seen = new Map<string, AgreedNetwork>();
  for (const view of views)
    for (const group of view.status?.groups ?? [])
      if (group.network !== undefined && !seen.has(group.network.genesisValidatorsRoot))
        seen.set(group.network.genesisValidatorsRoot, group.network);
  return [...seen.values()];
}

/** One cell of the finality rail: an epoch, or a run of epochs that is too long to draw. */
export type RailCell =
  | { kind: "epoch"; epoch: number; state: "finalized" | "justified" | "open" | "current" }
  | { kind: "run"; fromEpoch: number; toEpoch: number };

const railCells = 8;

/** Epochs from the finalized one to the current one, at most eight cells; undefined checkpoints leave epochs open. */
export function finalityRail(
  currentEpoch: number,
  finalized: number | undefined,
  justified: number | undefined,
): RailCell[] {
  if (currentEpoch < 0) return [];
  const first = Math.max(0, Math.min(finalized ?? currentEpoch - 3, currentEpoch - 3));
  const cell = (epoch: number): RailCell => ({
    kind: "epoch",
    epoch,
    state: epochState(epoch, currentEpoch, finalized, justified),
  });
  const count = currentEpoch - first + 1;
  if (count <= railCells) return Array.from({ length: count }, (_, index) => cell(first + index));
  const tail = railCells - 3;
  return [
    cell(first),
    cell(first + 1),
    { kind: "run", fromEpoch: first + 2, toEpoch: currentEpoch - tail },
    ...Array.from({ length: tail }, (_, index) => cell(currentEpoch - tail + 1 + index)),
  ];
}

function epochState(epoch: number, current: number, finalized: number | undefined, justified: number | undefined) {
  if (finalized !== undefined && epoch <= finalized) return "finalized";
  if (justified !== undefined && epoch <= justified) return "justified";
  return epoch === current ? "current" : "open";
}
