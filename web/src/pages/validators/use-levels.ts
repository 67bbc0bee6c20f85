import { useEffect, useState } from "react";
import { buildLevels, type HeatLevel } from "../../model/heatmap-levels.ts";
import type { HeatTile } from "../../model/heatmap-tile.ts";
import { findWorstRows, type WorstRow } from "../../model/heatmap-words.ts";

export interface BuiltTile {
  tile: HeatTile;
  levels: readonly HeatLevel[];
  worst: readonly WorstRow[];
}

/** The page lives on between two of these. A worker would need a wider Content-Security-Policy. */
const sliceMs = 6;
const worstShown = 10;

/** The levels of a tile once they are made; until then, those of the tile before. */
export function useLevels(tile: HeatTile | undefined): BuiltTile | undefined {
  const [built, setBuilt] = useState<BuiltTile>();
  useEffect(() => {
    if (tile === undefined) return;
    const levels = buildLevels(tile);
    const worst = findWorstRows(tile, worstShown);
    let made: readonly HeatLevel[] | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = () => {
      const until = performance.now() + sliceMs;
      while (performance.now() < until) {
        if (made === undefined) {
          const step = levels.next();
          if (step.done === true) made = step.value;
        } else {
          const step = worst.next();
          if (step.done === true) return setBuilt({ tile, levels: made, worst: step.value });
        }
      }
      timer = setTimeout(work, 0);
    };
    timer = setTimeout(work, 0);
    return () => clearTimeout(timer);
  }, [tile]);
  return built;
}
