import type * as contract from "../../../src/api/contract-duties.ts";

/** The cells of the contract, in rising badness; typed by it, so that a change there does not compile here. */
export const heatCells: typeof contract.heatCells = {
  unknown: 0,
  unassigned: 1,
  perfect: 2,
  wrongHead: 3,
  late: 4,
  wrongTarget: 5,
  missed: 6,
  slashed: 7,
};

export interface HeatKind {
  /** The colour token of `tokens.css`, without its two dashes. */
  token: string;
  word: string;
  /** Drawn into a cell that is large enough, so that colour is never alone. */
  sign: string;
  /** Of the attestation's reward, in 54ths: source 14, target 26, head 14 (TIMELY_*_WEIGHT of Altair). */
  lost: number;
  /** How high it stands in a strip of recent epochs, 0 to 1. */
  rise: number;
}

/** By cell. A late vote lost at least its head; how much more is in the validator's own record. */
export const heatKinds: readonly HeatKind[] = [
  { token: "heat-unknown", word: "unknown", sign: "?", lost: 0, rise: 0.45 },
  { token: "heat-unassigned", word: "no duty", sign: "", lost: 0, rise: 0.08 },
  { token: "heat-perfect", word: "perfect", sign: "", lost: 0, rise: 0.3 },
  { token: "heat-wrong-head", word: "wrong head", sign: "h", lost: 14, rise: 0.5 },
  { token: "heat-late", word: "late", sign: "l", lost: 14, rise: 0.6 },
  { token: "heat-wrong-target", word: "wrong target", sign: "t", lost: 40, rise: 0.8 },
  { token: "heat-missed", word: "missed", sign: "m", lost: 54, rise: 1 },
  { token: "heat-slashed", word: "slashed", sign: "s", lost: 54, rise: 1 },
];

/** What one attestation earns when it is perfect, in the unit of `lost`. */
export const wholeReward = 54;

/** A cell that no contract names is unknown. */
export const knownCell = (cell: number | undefined): number =>
  cell !== undefined && cell < heatKinds.length ? cell : heatCells.unknown;

export const kindOf = (cell: number | undefined): HeatKind => heatKinds[knownCell(cell)] as HeatKind;
