import type { CausesPage } from "../../api/contract-duties.ts";
import { blastRadius, type ValidatorLosses } from "../../duties/causes/blast-radius.ts";
import type { DutyStore } from "../../duties/ports.ts";
import type { DutyException, EpochResult } from "../../duties/types.ts";

/** Losses of recent epochs by cause, without reading them from the store each time that a page asks. */
export interface CauseBook {
  /** Takes in an epoch as it is stored. */
  put(result: EpochResult): void;
  page(fromEpoch: number, toEpoch: number): Promise<CausesPage>;
}

const keptEpochs = 64;
/** Of an older epoch, this many of its losses are read: it says what they were, not how many a mass outage had. */
const maxRead = 20_000;

export function createCauseBook(parts: {
  store: Pick<DutyStore, "exceptions">;
  labelsOf(validatorIndex: number): Readonly<Record<string, string>>;
  /** Whom we answer for now. */
  indices(): Uint32Array;
}): CauseBook {
  const kept = new Map<number, readonly DutyException[]>();
  let shown: { name: string; page: CausesPage } | undefined;

  function put(epoch: number, exceptions: readonly DutyException[]): void {
    shown = undefined;
    kept.delete(epoch);
    kept.set(epoch, exceptions);
    while (kept.size > keptEpochs) kept.delete(Math.min(...kept.keys()));
  }

  async function lossesOf(fromEpoch: number, toEpoch: number): Promise<DutyException[]> {
    const losses: DutyException[] = [];
    for (let epoch = toEpoch; epoch >= fromEpoch && losses.length < maxRead; epoch--) {
      const known = kept.get(epoch);
      if (known) losses.push(...known);
      else {
        const read = await readEpoch(epoch, maxRead - losses.length);
        put(epoch, read);
        losses.push(...read);
      }
    }
    return losses;
  }

  async function readEpoch(epoch: number, most: number): Promise<DutyException[]> {
    const read: DutyException[] = [];
    let before: string | undefined;
    do {
      const page = await parts.store.exceptions({
        ...{ fromEpoch: epoch, toEpoch: epoch, limit: 500 },
        ...(before !== undefined && { before }),
      });
      read.push(...page.items);
      before = page.nextBefore;
    } while (before !== undefined && read.length < most);
    return read;
  }

  return {
    put: (result) => put(result.epoch, result.exceptions),
    async page(fromEpoch, toEpoch) {
      const name = `${fromEpoch}/${toEpoch}`;
      if (shown?.name === name) return shown.page;
      const losses = await lossesOf(fromEpoch, toEpoch);
      const byCode = new Map<string, { lost: number; validators: Set<number>; lostGwei: number }>();
      for (const { cause, validatorIndex, lost } of losses) {
        const entry = byCode.get(cause.code) ?? { lost: 0, validators: new Set<number>(), lostGwei: 0 };
        entry.lost++;
        entry.validators.add(validatorIndex);
        entry.lostGwei += lost ?? 0;
        byCode.set(cause.code, entry);
      }
      const causes = [...byCode]
        .map(([code, { lost, validators, lostGwei }]) => ({ code, lost, validators: validators.size, lostGwei }))
        .sort((a, b) => b.lost - a.lost || a.code.localeCompare(b.code));
      const unknown = byCode.get("unknown")?.lost ?? 0;
      const page: CausesPage = {
        ...{ lost: losses.length, unknownShare: losses.length === 0 ? 0 : unknown / losses.length, causes },
        blastRadius: radiusOf(losses, Math.max(1, toEpoch - fromEpoch + 1)),
      };
      shown = { name, page };
      return page;
    },
  };

  /** Validators with the very same labels count together: the labels of a source's validators are one object. */
  function radiusOf(losses: readonly DutyException[], epochs: number): CausesPage["blastRadius"] {
    if (losses.length === 0) return [];
    const groups = new Map<Readonly<Record<string, string>>, { assigned: number; lost: number }>();
    const groupOf = (index: number) => {
      const labels = parts.labelsOf(index);
      const known = groups.get(labels);
      if (known) return known;
      const group = { assigned: 0, lost: 0 };
      groups.set(labels, group);
      return group;
    };
    for (const index of parts.indices()) groupOf(index).assigned += epochs;
    for (const { validatorIndex } of losses) groupOf(validatorIndex).lost++;
    return blastRadius([...groups].map(([labels, sums]): ValidatorLosses => ({ labels, ...sums })));
  }
}
