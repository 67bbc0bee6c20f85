import type { DutiesNow, EpochsPage } from "../../../src/api/contract-duties.ts";
import type { DutyGap } from "../../../src/duties/types.ts";
import { shareOf } from "./amounts.ts";

/** When an epoch begins, in ms. */
export const epochAt = (
  epoch: number,
  time: Pick<DutiesNow, "genesisTimeMs" | "slotDurationMs" | "slotsPerEpoch">,
): number => time.genesisTimeMs + epoch * time.slotsPerEpoch * time.slotDurationMs;

/** One entry per epoch without leaps; holes where nothing is stored. Shares are in percent, as the chart draws them. */
export interface EpochSeries {
  epochs: readonly number[];
  network: readonly (number | null)[];
  /** Final epochs of ours, and the last one before what is provisional. */
  ours: readonly (number | null)[];
  /** The same where it may still change; begins at the last final one, so that the line does not break. */
  provisional: readonly (number | null)[];
  missed: readonly (number | null)[];
}

export function epochSeries({ epochs: stored }: Pick<EpochsPage, "epochs">): EpochSeries {
  const byEpoch = new Map(stored.map((entry) => [entry.epoch, entry]));
  const known = stored.map(({ epoch }) => epoch);
  const first = known.length === 0 ? 0 : Math.min(...known);
  const last = known.length === 0 ? -1 : Math.max(...known);
  const epochs = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const entry = (epoch: number) => byEpoch.get(epoch);
  const percent = (share: number | undefined) => (share === undefined ? null : share * 100);
  const own = (epoch: number) => {
    const watched = entry(epoch)?.watched;
    return watched === undefined ? null : percent(shareOf(watched.included, watched.assigned));
  };
  const isFinal = (epoch: number) => entry(epoch)?.state === "final";
  const isOpen = (epoch: number) => entry(epoch) !== undefined && !isFinal(epoch);
  return {
    epochs,
    network: epochs.map((epoch) => {
      const network = entry(epoch)?.network;
      return network === undefined ? null : percent(shareOf(network.included, network.assigned));
    }),
    ours: epochs.map((epoch) => (isFinal(epoch) ? own(epoch) : null)),
    provisional: epochs.map((epoch) => (isOpen(epoch) || isOpen(epoch + 1) ? own(epoch) : null)),
    missed: epochs.map((epoch) => {
      const watched = entry(epoch)?.watched;
      return watched === undefined ? null : watched.assigned - watched.included;
    }),
  };
}

/** The lowest value drawn with room below it, in whole steps: a line between 99 and 100 must not be flat. */
export function percentFloor(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  const least = known.length === 0 ? 100 : Math.min(...known);
  if (least >= 99.5) return 99;
  if (least >= 98) return Math.floor(least - 0.5);
  if (least >= 90) return Math.floor(least - 1);
  return Math.max(0, Math.floor((least - 5) / 10) * 10);
}

/** "epochs 12 to 15: the node no longer held the state". */
export function gapWords(gap: DutyGap, reason: string): string {
  const span = gap.fromEpoch === gap.toEpoch ? `Epoch ${gap.fromEpoch}` : `Epochs ${gap.fromEpoch} to ${gap.toEpoch}`;
  return `${span} could not be judged: ${reason}${gap.detail === "" ? "" : ` (${gap.detail.replace(/\.$/, "")})`}.`;
}
