import type { DrillProgress } from "../../../src/drills/types.ts";
import type { Drain, DuplicateKey, GroupStatus, Hold } from "../../../src/control/types.ts";
import { drillTone, hasEnded, phaseWord, scoreWords, timeLeft } from "./drill-words.ts";
import { formatCount, formatDuration, plural } from "./format.ts";
import type { GroupRows, NodeRow } from "./node-list.ts";
import type { Tone } from "./shown-state.ts";

/** Something that a person has begun, or must decide: one line on Now, a panel on Nodes. */
export interface Operation {
  key: string;
  tone: Tone;
  /** "Tripwire", "Key", "Hold", "Split", "Drill", "Drain". */
  kind: string;
  text: string;
  /** Row of the node that it is about, for the link. */
  node: string | undefined;
}

/** A refused message this long ago is history: it stands on Nodes only. */
const refusalShownMs = 24 * 3_600_000;
const duplicateShownMs = 3_600_000;

/** What is under way, most urgent first. Of a gateway that is silent nothing is claimed. */
export function operationsOf(
  groups: readonly GroupRows[],
  drills: readonly DrillProgress[],
  now: number,
): readonly Operation[] {
  const isNamed = groups.length > 1;
  const known = groups.filter(({ freshness }) => freshness.kind === "fresh");
  const ofGroups = known.flatMap((rows) => groupOperations(rows, isNamed ? `${rows.group.group}: ` : "", drills, now));
  const order = ["Tripwire", "Key", "Hold", "Split", "Drill", "Drain"];
  return ofGroups.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function groupOperations(rows: GroupRows, name: string, drills: readonly DrillProgress[], now: number): Operation[] {
  const { group, key } = rows;
  const nodeKeyOf = (node: string) => rows.rows.find((row) => row.status.node === node)?.key;
  const found: Operation[] = [];
  const add = (kind: string, id: string, tone: Tone, text: string, node?: string) =>
    found.push({ key: `${key} ${kind} ${id}`, tone, kind, text: name + text, node });

  const last = group.tripwire?.last;
  if (last !== undefined && now - last.at < refusalShownMs)
    add("Tripwire", "", "bad", `${refusalWords(group)}, last ${formatDuration(now - last.at)} ago from ${last.client}`);
  if (group.duplicateKey !== undefined && now - group.duplicateKey.at < duplicateShownMs)
    add("Key", "", "bad", duplicateWords(group.duplicateKey, now));
  if (group.hold !== undefined)
    add("Hold", "", "bad", `signing is on hold${heldFor(group.hold, now)}: ${group.hold.reason}`);
  if (group.view.kind === "split") add("Split", "", "bad", "a person must choose the branch");
  else if (group.chosenBranch !== undefined)
    add("Split", "", "warn", `serving the branch that ${group.chosenBranch.by} chose`);
  for (const drill of drills.filter((one) => isOf(one, rows) && !hasEnded(one)))
    add(
      "Drill",
      drill.id,
      drillTone(drill),
      `${drill.kind} on ${drill.node}, ${drill.phase === "running" ? timeLeft(drill, undefined, now) : phaseWord(drill.phase)}; ${scoreWords(drill.score)}`,
      nodeKeyOf(drill.node),
    );
  for (const fault of group.faults ?? [])
    if (!drills.some((one) => isOf(one, rows) && one.node === fault.node && !hasEnded(one)))
      add(
        "Drill",
        fault.id,
        "wait",
        `${fault.kind} on ${fault.node} by ${fault.by}, ${timeLeft(undefined, fault, now)}`,
        nodeKeyOf(fault.node),
      );
  for (const drain of group.drains ?? [])
    if (drain.waitsFor.length > 0)
      add("Drain", drain.node, drainTone(drain), `${drain.node} waits for ${waitWords(drain)}`, nodeKeyOf(drain.node));
  return found;
}

const isOf = (drill: DrillProgress, { gateway, group }: GroupRows): boolean =>
  drill.gateway === gateway.name && drill.group === group.group;

/** A drain that waits for another node to become ready does not end by itself. */
export const drainTone = ({ waitsFor }: Drain): Tone =>
  waitsFor.some(({ kind }) => kind === "last-ready-node") ? "warn" : "wait";

/** "the proposal of slot 12 and 1 more". */
function waitWords({ waitsFor }: Drain): string {
  const [first, ...rest] = waitsFor;
  if (first === undefined) return "nothing";
  return `${first.detail.replace(/\.$/, "")}${rest.length === 0 ? "" : ` and ${formatCount(rest.length)} more`}`;
}

/** "2 slashable messages refused". */
export const refusalWords = ({ tripwire }: Pick<GroupStatus, "tripwire">): string =>
  `${plural(tripwire?.refused ?? 0, "slashable message")} refused`;

/** Beside a node: "drill: hang, 23 s left, detected after 212 ms, 0 failed", or what its drain waits for. */
export function operationWords(row: NodeRow, now: number): { tone: Tone; text: string } | undefined {
  const { fault, drill, drain, status } = row;
  if (row.freshness.kind === "stale") return undefined;
  if (fault !== undefined) {
    const score = drill === undefined ? "" : `, ${scoreWords(drill.score)}`;
    return { tone: "wait", text: `drill: ${fault.kind}, ${timeLeft(drill, fault, now)}${score}` };
  }
  if (drain === undefined || status.operator !== "draining" || drain.waitsFor.length === 0) return undefined;
  return { tone: drainTone(drain), text: `draining, waits for ${waitWords(drain)}` };
}

/** "validator 7 is used by 10.0.0.4 and 10.0.0.5, last 3 min ago". */
export const duplicateWords = ({ validatorIndex, clients, at }: DuplicateKey, now: number): string =>
  `validator ${validatorIndex} is used by ${clients.join(" and ")}, last ${formatDuration(now - at)} ago`;

/** " for 12 min"; nothing where it is not known since when. */
export const heldFor = ({ at }: Hold, now: number): string => (at > 0 ? ` for ${formatDuration(now - at)}` : "");
