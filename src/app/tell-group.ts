import type { GroupStatus } from "../control/types.ts";
import type { BranchChoice } from "../upstream/types.ts";
import { AppError } from "../lib/app-error.ts";
import { askEach, findPlaces, type Outcome, type Places, type Where } from "./tell-gateways.ts";

/** Withholds signing inputs of one group, at every gateway that has it. */
export async function holdGroup(configPath: string, where: Where, reason: string): Promise<Outcome[]> {
  const places = await oneGroup(configPath, where, "hold");
  return askEach(places, ({ group }) => ({
    ask: { kind: "hold", group, reason },
    done: "signing inputs are held: its validators sign nothing until `slotkeeper gateway release`",
  }));
}

export async function releaseGroup(configPath: string, where: Where): Promise<Outcome[]> {
  const places = await oneGroup(configPath, where, "release");
  return askEach(places, ({ group, hold }) => ({
    ask: { kind: "release", group },
    done: hold ? `released (held by ${hold.by}: ${hold.reason})` : "released",
    ...{ alreadyFor: "not-held", already: "was not held" },
  }));
}

export async function resetWatermark(configPath: string, where: Where): Promise<Outcome[]> {
  const places = await oneGroup(configPath, where, "reset the watermark");
  return askEach(places, ({ group, sourceWatermark }) => ({
    ask: { kind: "watermark/reset", group },
    done: `the watermark${sourceWatermark ? ` at epoch ${sourceWatermark.epoch}` : ""} is forgotten; the next agreed source sets it anew`,
    ...{ alreadyFor: "no-watermark", already: "there was no watermark" },
  }));
}

/** `choice` is the root of a branch's head, its unambiguous beginning, or the name of a node on it. */
export async function chooseBranch(configPath: string, where: Where, choice: string): Promise<Outcome[]> {
  const places = await oneGroup(configPath, where, "choose a branch");
  return askEach(places, ({ group, branches = [] }) => {
    const found = findBranch(branches, choice);
    if ("refused" in found) return found;
    return {
      ask: { kind: "branch", group, root: found.branch.root },
      done: `serves the branch ${branchText(found.branch)} until the split has ended`,
    };
  });
}

/** A short beginning is too easily another root's; eight digits of a hash are not. */
const minRootLength = 10;

/** The one branch that `choice` names: by its root, an unambiguous beginning of it, or a node on it. */
export function findBranch(
  branches: readonly BranchChoice[],
  choice: string,
): { branch: BranchChoice } | { refused: string } {
  if (branches.length === 0) return { refused: "not done: the nodes of this group do not disagree, nothing to choose" };
  const root = choice.toLowerCase();
  const matching = branches.filter(
    (branch) =>
      branch.nodes.includes(choice) || (root.length >= minRootLength && branch.root.toLowerCase().startsWith(root)),
  );
  const [branch] = matching;
  if (branch && matching.length === 1) return { branch };
  const why = branch ? `more than one branch matches ${choice}` : `no branch is named ${choice}`;
  return { refused: `not done: ${why}. The branches: ${branches.map(branchText).join("; ")}` };
}

export interface GroupBranches {
  gateway: string;
  group: string;
  branches: readonly BranchChoice[];
  chosen: string | undefined;
}

/** The branches that a person can choose from; groups that are not split have none. */
export async function listBranches(
  configPath: string,
  where: Where,
): Promise<{ groups: GroupBranches[]; lost: readonly Outcome[] }> {
  const { found, lost } = await findPlaces(configPath, where, () => true);
  const groups = found.map(({ gateway, group: { group, branches = [], chosenBranch } }) => ({
    ...{ gateway: gateway.name, group, branches, chosen: chosenBranch?.root },
  }));
  return { groups, lost };
}

export function branchText({ root, slot, nodes, support, justifiedEpoch, finalizedEpoch }: BranchChoice): string {
  const epochs = `justified ${justifiedEpoch ?? "?"}, finalized ${finalizedEpoch ?? "?"}`;
  return `${root} at slot ${slot}, ${epochs}, support ${support} (${nodes.join(", ")})`;
}

/** What withholds signing must hit the group that is meant: with several groups it has to be named. */
async function oneGroup(configPath: string, where: Where, what: string): Promise<Places> {
  const places = await findPlaces(configPath, where, () => true);
  const names = [...new Set(places.found.map(({ group }: { group: GroupStatus }) => group.group))];
  if (names.length > 1)
    throw new AppError(`${what}: say which group with --group: ${names.join(", ")}`, { code: "group-missing" });
  if (names.length === 0 && places.lost.length === 0)
    throw new AppError(
      `${what}: no gateway has group ${where.group ?? ""}. \`slotkeeper status\` shows the names of the groups.`,
      { code: "unknown-group" },
    );
  return places;
}
