import { heatCells } from "./heat-cells.ts";
import { lossSteps, type HeatLevel } from "./heatmap-levels.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

/** "#rrggbb" or "#rgb", as the tokens are written. */
export function readColor(text: string): Rgb {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex === undefined) return [128, 128, 128];
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
}

/** As `ImageData` holds it on a little-endian machine, which all that run browsers are. */
const word = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  [0, 1, 2].map((part) => Math.round((a[part] ?? 0) + ((b[part] ?? 0) - (a[part] ?? 0)) * share)) as unknown as Rgb;

/** Nothing lost, a twelfth, and everything: between them by half octaves. */
export interface LossScale {
  none: Rgb;
  little: Rgb;
  much: Rgb;
}

/** Up to the first a loss is the usual noise of a network (a third of a percent) and stays pale; at the second it is a twelfth. */
const paleStep = 15;
const littleStep = 24;
const paleShare = 0.12;

/** 256 colours for the bytes of a level that is coloured by its worst cells. */
export function worstColors(kinds: readonly Rgb[]): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => word(kinds[byte & 7] ?? [0, 0, 0]));
}

/** 256 colours for the bytes of a level that is coloured by the share lost. */
export function lossColors(kinds: readonly Rgb[], scale: LossScale): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const cell = byte & 7;
    return word(cell < heatCells.perfect ? (kinds[cell] ?? [0, 0, 0]) : lossColor(byte >> 3, scale));
  });
}

export function lossColor(step: number, { none, little, much }: LossScale): Rgb {
  if (step === 0) return none;
  if (step >= littleStep) return mix(little, much, (step - littleStep) / (lossSteps - littleStep));
  const share = Math.max(0, (step - paleStep) / (littleStep - paleStep));
  return mix(none, little, paleShare + (1 - paleShare) * share);
}

/** Epochs and bins of a level, first to one past the last. */
export interface HeatRect {
  fromEpoch: number;
  toEpoch: number;
  fromBin: number;
  toBin: number;
}

/** Copies a part of a level into pixels, one per cell, rows of `stride` pixels. This is all that a frame computes. */
export function copyCells(
  level: HeatLevel,
  rect: HeatRect,
  colors: Uint32Array,
  into: Uint32Array,
  stride: number,
): void {
  const { bins, cells } = level;
  const height = rect.toBin - rect.fromBin;
  for (let epoch = rect.fromEpoch; epoch < rect.toEpoch; epoch++) {
    let from = epoch * bins + rect.fromBin;
    let to = epoch - rect.fromEpoch;
    for (let y = 0; y < height; y++) {
      into[to] = colors[cells[from] as number] as number;
      from += 1;
      to += stride;
    }
  }
}
