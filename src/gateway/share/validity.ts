import type { ChainSpec } from "../../chain/types.ts";
import type { View } from "../../upstream/types.ts";
import type { ShareScope } from "../routes/route.ts";
import type { AnswerFacts } from "./read-answer.ts";

/** What an answer's validity hangs on. It is asked at every use: nothing has to be cleared when the view moves. */
export type Validity =
  | { kind: "head"; generation: number }
  | { kind: "duties"; boundaries: readonly { epoch: number; root: string }[] }
  | { kind: "period"; justifiedEpoch: number }
  | { kind: "network"; spec: ChainSpec }
  | { kind: "finalized" };

/** What is known of the chain; read anew at each use. */
export interface ChainFacts {
  view(): View;
  /** The very same object for as long as the network is the same. */
  spec(): ChainSpec | undefined;
  /** Root of the last block before an epoch, on the branch of the view's head. */
  rootBefore(epoch: number): string | undefined;
}

export interface StoreInput {
  scope: ShareScope;
  /** The route's parameter: the epoch, of duties. */
  param: string;
  answer: AnswerFacts;
  /** Before the question was sent. */
  generationBefore: number;
  specBefore: ChainSpec | undefined;
  /** Is the view's head the head of the node that answered? */
  isHolder: boolean;
  now: ChainFacts;
}

/** For how long an answer may be given to others; `undefined`: only to those who waited for it. */
export function validityOf(input: StoreInput): Validity | undefined {
  const { scope, param, answer, generationBefore, specBefore, isHolder, now } = input;
  if (!answer.isWhole || answer.isOptimistic) return undefined;
  if (scope === "network")
    return specBefore !== undefined && now.spec() === specBefore ? { kind: "network", spec: specBefore } : undefined;
  if (now.view().generation !== generationBefore) return undefined;
  const head: Validity | undefined = isHolder ? { kind: "head", generation: generationBefore } : undefined;
  switch (scope) {
    case "flight":
      return undefined;
    case "head":
      return head;
    case "finalized":
      return answer.isFinalized ? { kind: "finalized" } : head;
    case "duties":
      return dutiesValidity(param, answer, now) ?? head;
    case "period":
      return periodValidity(param, now) ?? head;
  }
}

/**
 * Duties of an epoch hang on the block before it or before the epoch before it; which, differs by duty and fork. The answer
 * names the block itself: it holds for as long as the view has the same one there.
 */
function dutiesValidity(param: string, { dependentRoot }: AnswerFacts, now: ChainFacts): Validity | undefined {
  if (dependentRoot === undefined || !isNumber(param)) return undefined;
  const epoch = Number(param);
  const boundaries = [epoch - 1, epoch]
    .map((boundary) => ({ epoch: boundary, root: now.rootBefore(boundary) }))
    .filter((boundary): boundary is { epoch: number; root: string } => boundary.root === dependentRoot);
  return boundaries.length > 0 ? { kind: "duties", boundaries } : undefined;
}

/** The committee of a period is drawn when the period before it begins: once that is justified, the view cannot change it. */
function periodValidity(param: string, now: ChainFacts): Validity | undefined {
  const spec = now.spec();
  const { justified } = now.view();
  if (!spec || !justified || !isNumber(param)) return undefined;
  const length = spec.epochsPerSyncCommitteePeriod;
  const drawnAt = (Math.floor(Number(param) / length) - 1) * length;
  // One epoch more: the justified checkpoint's own state must already hold the draw.
  return justified.epoch > drawnAt ? { kind: "period", justifiedEpoch: justified.epoch } : undefined;
}

export function isValid(validity: Validity, now: ChainFacts): boolean {
  switch (validity.kind) {
    case "head":
      return validity.generation === now.view().generation;
    case "duties":
      return (
        now.view().kind !== "split" && validity.boundaries.every(({ epoch, root }) => now.rootBefore(epoch) === root)
      );
    case "period":
      return now.view().kind !== "split" && (now.view().justified?.epoch ?? -1) >= validity.justifiedEpoch;
    case "network":
      return validity.spec === now.spec();
    case "finalized":
      return now.view().kind !== "split";
  }
}

/** How long an answer is kept at most, in slots: nodes are upgraded, and no rule above is worth more than a fresh look. */
export function longestSlots(validity: Validity, slotsPerEpoch: number): number {
  switch (validity.kind) {
    case "head":
      return 1;
    case "duties":
      // Asked for in the epoch before, and again in their own.
      return 2 * slotsPerEpoch;
    case "period":
      return 8 * slotsPerEpoch;
    case "network":
    case "finalized":
      return slotsPerEpoch;
  }
}

function isNumber(text: string): boolean {
  return /^[0-9]{1,18}$/.test(text);
}
