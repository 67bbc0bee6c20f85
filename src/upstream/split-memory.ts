import type { Branch, BranchJudgement } from "./branches.ts";
import type { NodeState } from "./state.ts";

/** A split that has not ended: which node was on which side when it was last seen. */
export interface SplitMemory {
  sides: readonly (readonly string[])[];
  detail: string;
}

/**
 * What is remembered of a split after another judgement; `undefined` when there is none, or it has ended. It ends only when
 * every node of it is there again and agrees, or was taken out by a person: a side that has crashed has not agreed.
 */
export function followSplit(
  before: SplitMemory | undefined,
  judged: BranchJudgement,
  nodes: readonly NodeState[],
): SplitMemory | undefined {
  if (before === undefined && judged.split === undefined) return undefined;
  const present = judged.branches.map((branch) => branch.nodes.map(nameOf));
  const there = new Set(present.flat());
  const isAway = (name: string) =>
    !there.has(name) && nodes.some((node) => nameOf(node) === name && node.operator === "active");
  const away = (before?.sides ?? []).map((side) => side.filter(isAway));

  const sides = present.map((side) => [...side]);
  for (const [index, names] of away.entries()) {
    if (names.length === 0) continue;
    const comrades = before?.sides[index] ?? [];
    // Those of its side who are still there tell which side it is now; with none left it stands for itself.
    const home = sides.find((side) => side.some((name) => comrades.includes(name)));
    if (home && judged.split !== undefined) home.push(...names);
    else if (home && isWholeSide(home, comrades)) home.push(...names);
    else sides.push(names);
  }
  if (judged.split !== undefined) return { sides, detail: judged.split };
  if (sides.length < 2 || away.every((names) => names.length === 0)) return undefined;
  const lost = away.flat().join(", ");
  return { sides, detail: `${lost} of another branch cannot be seen, and has not agreed with the others` };
}

/** Is everybody on it of the same side as before? Then whoever is away from that side changes nothing. */
function isWholeSide(side: readonly string[], comrades: readonly string[]): boolean {
  return side.every((name) => comrades.includes(name));
}

/** The branch among those judged now that the named nodes form, if any of them is there. */
export function branchOfNodes(branches: readonly Branch[], names: readonly string[]): Branch | undefined {
  const count = (branch: Branch) => branch.nodes.filter((node) => names.includes(nameOf(node))).length;
  const best = [...branches].sort((a, b) => count(b) - count(a))[0];
  return best !== undefined && count(best) > 0 ? best : undefined;
}

function nameOf(node: NodeState): string {
  return node.config.name;
}
