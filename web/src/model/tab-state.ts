import type { Snapshot } from "../../../src/api/contract.ts";
import { snapshotFreshness } from "./freshness.ts";
import { groupRows, type NodeRow } from "./node-list.ts";
import { levelTone, type Tone } from "./shown-state.ts";

/** What a browser tab that is not in front can tell: a few words, and an icon by its tone. */
export interface TabState {
  title: string;
  tone: Tone;
}

const marks: Partial<Record<Tone, string>> = { warn: "⚠ ", bad: "✖ ", unknown: "? " };

/** "⚠ bn2 down", "✖ 2 of 3 nodes not ready", "? data is old", "fine". */
export function tabState(snapshot: Snapshot | undefined, serverNow: number): TabState {
  if (snapshot === undefined) return { title: "Slotkeeper", tone: "unknown" };
  const known = snapshot;
  const isStale = snapshotFreshness(snapshot, serverNow).kind === "stale";
  const tone = isStale ? "unknown" : levelTone[snapshot.state.level];
  return { title: `${marks[tone] ?? ""}${words()} · Slotkeeper`, tone };

  function words(): string {
    if (isStale) return "data is old";
    if (tone === "fine") return "fine";
    // Nothing is known of nodes whose gateway is silent: they are not to be counted as down.
    if (tone === "unknown") return "state unknown";
    return troubleWords(known, serverNow) ?? known.state.level;
  }
}

/** The one node that is not ready, or how many are not; nodes that a person has set aside or drills are no trouble. */
function troubleWords(snapshot: Snapshot, serverNow: number): string | undefined {
  const groups = groupRows(snapshot, serverNow);
  const fresh = groups.filter(({ freshness }) => freshness.kind === "fresh").map(({ group }) => group);
  if (fresh.some(({ hold }) => hold !== undefined)) return "signing on hold";
  if (fresh.some(({ view }) => view.kind === "split")) return "chain split";
  const drilled = groups.flatMap((group) => group.rows).filter((row) => row.fault !== undefined);
  const rows = groups
    .flatMap((group) => group.rows)
    .filter((row) => row.state.operator === undefined && row.fault === undefined);
  const isReady = (row: NodeRow) => row.state.tone === "fine";
  const troubled = rows.filter((row) => !isReady(row));
  const [first] = troubled;
  if (first === undefined) return drilled[0] && `drill on ${drilled[0].status.node}`;
  if (troubled.length === 1) return `${first.status.node} ${first.state.word}`;
  return rows.some(isReady) ? `${troubled.length} of ${rows.length} nodes not ready` : "no node ready";
}
