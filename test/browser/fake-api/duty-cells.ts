import { heatCells, type HeatmapHeader } from "../../../src/api/contract-duties.ts";

/** A fleet that is recognisable in a screenshot: twenty hosts of equal size, three customers. */
export interface FakeFleet {
  validators: number;
  epochs: number;
  /** The newest epoch that is judged. */
  toEpoch: number;
  finalEpoch: number;
}

export const hosts = 20;
export const hostOf = (row: number, validators: number): number =>
  Math.min(hosts, 1 + Math.floor((row * hosts) / validators));
export const hostName = (host: number): string => `host-${String(host).padStart(2, "0")}`;
/** Index of a row: not the row itself, so that mixing them up is seen. */
export const indexOf = (row: number): number => 500_000 + row * 3;
export const rowOf = (index: number): number => (index - 500_000) / 3;

/** Loses duties in the newest epochs; votes for wrong heads in the middle; not active at first. */
export const badHost = 7;
const wrongHeadHost = 13;
const newHost = 20;
const badEpochs = 12;
/** Not stored, counted from the newest. */
const holeFrom = 121;
const holeTo = 118;

/** All cells, epoch by epoch; the same for the same fleet. */
export function fleetCells({ validators, epochs }: FakeFleet): Uint8Array {
  const cells = new Uint8Array(validators * epochs).fill(heatCells.perfect);
  let seed = 9;
  const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
  const scatter = (from: number, to: number, epoch: number, share: number, cell: number) => {
    for (let count = Math.round((to - from) * share); count > 0; count--)
      cells[epoch * validators + from + Math.floor(random() * (to - from))] = cell;
  };
  const rowsOf = (host: number) =>
    [((host - 1) * validators) / hosts, (host * validators) / hosts].map(Math.floor) as [number, number];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const back = epochs - 1 - epoch;
    scatter(0, validators, epoch, 0.012, heatCells.wrongHead);
    scatter(0, validators, epoch, 0.003, heatCells.late);
    scatter(0, validators, epoch, 0.001, heatCells.wrongTarget);
    scatter(0, validators, epoch, back === 60 ? 0.03 : 0.004, heatCells.missed);
    if (back < badEpochs) scatter(...rowsOf(badHost), epoch, 0.6, heatCells.missed);
    if (back > 80 && back < 110) scatter(...rowsOf(wrongHeadHost), epoch, 0.3, heatCells.wrongHead);
    const [newFrom, newTo] = rowsOf(newHost);
    if (back > 180) cells.fill(heatCells.unassigned, epoch * validators + newFrom, epoch * validators + newTo);
    if (isHole(back)) cells.fill(heatCells.unknown, epoch * validators, (epoch + 1) * validators);
    if (back < 100) cells[epoch * validators + 4] = heatCells.slashed;
  }
  return cells;
}

const isHole = (back: number) => back >= holeTo && back <= holeFrom;

export const holes = ({ toEpoch }: FakeFleet) => ({ fromEpoch: toEpoch - holeFrom, toEpoch: toEpoch - holeTo });

export function epochState(epoch: number, { toEpoch, finalEpoch }: FakeFleet): HeatmapHeader["states"][number] {
  if (isHole(toEpoch - epoch)) return null;
  return epoch <= finalEpoch ? "final" : "provisional";
}

/** The body of the heatmap for the rows that `takes` chooses. */
export function heatmapBody(
  fleet: FakeFleet,
  cells: Uint8Array,
  fromEpoch: number,
  toEpoch: number,
  takes: (row: number) => boolean,
): Buffer {
  const oldest = fleet.toEpoch + 1 - fleet.epochs;
  const first = Math.max(oldest, fromEpoch);
  const epochs = Math.max(0, Math.min(fleet.toEpoch, toEpoch) + 1 - first);
  const rows = Array.from({ length: fleet.validators }, (_, row) => row).filter(takes);
  const states = Array.from({ length: epochs }, (_, at) => epochState(first + at, fleet));
  const header = Buffer.from(JSON.stringify({ fromEpoch: first, epochs, rows: rows.length, states }));
  const body = Buffer.alloc(4 + header.length + rows.length * 4 + rows.length * epochs);
  body.writeUInt32LE(header.length, 0);
  header.copy(body, 4);
  let at = 4 + header.length;
  for (const row of rows) at = body.writeUInt32LE(indexOf(row), at);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const from = (first - oldest + epoch) * fleet.validators;
    if (rows.length === fleet.validators) body.set(cells.subarray(from, from + fleet.validators), at);
    else rows.forEach((row, place) => (body[at + place] = cells[from + row] ?? 0));
    at += rows.length;
  }
  return body;
}
