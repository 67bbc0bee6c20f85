/** Whoever holds places: one count for each fair share that it takes part in. */
export interface PlaceHolder {
  held: number[];
}

/** A bounded number of places for work under way, shared so that no client's flood takes the others' part. */
export interface FairShare {
  /** Takes a place; `false`: there is none for this holder now. */
  enter(holder: PlaceHolder): boolean;
  leave(holder: PlaceHolder): void;
  readonly taken: number;
}

/**
 * A lone client may take all places. Once they are taken, only those who hold less than an equal part get another one:
 * the others' part comes free as their work ends. At most twice the places are taken (plus one for each holder).
 */
export function createFairShare(index: number, places: () => number, perHolder: () => number): FairShare {
  let taken = 0;
  let holders = 0;
  return {
    enter(holder) {
      const own = holder.held[index] ?? 0;
      if (own >= perHolder()) return false;
      const all = places();
      if (taken >= all && own >= Math.max(1, Math.floor(all / (own === 0 ? holders + 1 : holders)))) return false;
      if (own === 0) holders++;
      holder.held[index] = own + 1;
      taken++;
      return true;
    },
    leave(holder) {
      const own = holder.held[index] ?? 0;
      if (own === 0) return;
      holder.held[index] = own - 1;
      taken--;
      if (own === 1) holders--;
    },
    get taken() {
      return taken;
    },
  };
}
