import { heatCells } from "../../duties/heat-cells.ts";

const signs: Readonly<Record<number, string>> = {
  [heatCells.unknown]: "?",
  [heatCells.unassigned]: " ",
  [heatCells.perfect]: ".",
  [heatCells.wrongHead]: "h",
  [heatCells.late]: "l",
  [heatCells.wrongTarget]: "t",
  [heatCells.missed]: "M",
  [heatCells.slashed]: "S",
};

export const recentLegend =
  "epochs, oldest first: . perfect, h wrong head, l late, t wrong target, M missed, S slashed, ? unknown";

/** One sign per epoch. */
export const recentStrip = (cells: readonly number[]): string => cells.map((cell) => signs[cell] ?? "?").join("");
