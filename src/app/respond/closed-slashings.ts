import type { Store } from "../../store/store.ts";

const name = "closed-slashings";

export interface ClosedSlashings {
  /** Validators whose slashing is known, and no alarm any more. */
  closed(): ReadonlySet<number>;
  /** A person has closed what is slashed by now, of the validators that are meant. */
  close(isMeant: (validatorIndex: number) => boolean, now: number): Promise<void>;
}

/** Kept in the store: a restart is no reason to page for a slashing of last year. */
export async function openClosedSlashings({
  settings,
  duties,
}: Pick<Store, "settings" | "duties">): Promise<ClosedSlashings> {
  const stored = await settings.get(name);
  let closed: ReadonlySet<number> = new Set(stored === undefined ? [] : (JSON.parse(stored) as number[]));
  return {
    closed: () => closed,
    async close(isMeant, now) {
      const newest = await duties.lastEpoch("provisional");
      if (newest === undefined) return;
      const slashed = await duties.slashings(0, newest);
      const meant = slashed.map(({ validatorIndex }) => validatorIndex).filter(isMeant);
      const all = new Set([...closed, ...meant]);
      await settings.set(name, JSON.stringify([...all].sort((a, b) => a - b)), now);
      closed = all;
    },
  };
}
