import type { Health, OperatorState, UpstreamStatus, View } from "../../../src/upstream/types.ts";
import type { GroupStatus } from "../../../src/control/types.ts";
import type { StateSentence } from "../../../src/api/contract.ts";

/** What colour and shape say together; each tone has a shape of its own, so that colour never carries meaning alone. */
export type Tone = "fine" | "wait" | "warn" | "bad" | "unknown" | "aside";

export interface ShownState {
  tone: Tone;
  word: string;
  /** The health last known, where it can no longer be believed. */
  was: Health | undefined;
  operator: Exclude<OperatorState, "active"> | undefined;
}

const toneOfHealth: Readonly<Record<Health, Tone>> = {
  ready: "fine",
  syncing: "wait",
  warming: "wait",
  suspect: "warn",
  down: "bad",
  unknown: "unknown",
};

const healthTone = (health: string): Tone =>
  Object.hasOwn(toneOfHealth, health) ? toneOfHealth[health as Health] : "unknown";

/** Data that is stale shows as unknown with what it was: unknown is not green. */
export function shownState(status: Pick<UpstreamStatus, "health" | "operator">, isStale: boolean): ShownState {
  const operator = status.operator === "active" ? undefined : status.operator;
  if (isStale) return { tone: "unknown", word: "unknown", was: status.health, operator };
  const tone = operator !== undefined && status.health === "ready" ? "aside" : healthTone(status.health);
  return { tone, word: status.health, was: undefined, operator };
}

export const levelTone: Readonly<Record<StateSentence["level"], Tone>> = {
  fine: "fine",
  warning: "warn",
  bad: "bad",
  unknown: "unknown",
};

const toneOfView: Readonly<Record<View["kind"], Tone>> = {
  serving: "fine",
  degraded: "warn",
  split: "bad",
  none: "bad",
};

/** A group's view. Before any node was probed nothing is wrong yet: it is unknown. */
export function viewTone(group: GroupStatus, isStale: boolean): Tone {
  const isUnprobed =
    group.view.kind === "none" && group.nodes.length > 0 && group.nodes.every((node) => node.health === "unknown");
  return isStale || isUnprobed ? "unknown" : toneOfView[group.view.kind];
}

/** Any word of a transition: a health, an operator state or the kind of a view. */
export function wordTone(word: string): Tone {
  if (Object.hasOwn(toneOfHealth, word)) return healthTone(word);
  if (Object.hasOwn(toneOfView, word)) return toneOfView[word as View["kind"]];
  if (word === "active") return "fine";
  return word === "cordoned" || word === "draining" || word === "maintenance" ? "aside" : "unknown";
}

/** Worst first; used to sort by state. */
export const toneRank: Readonly<Record<Tone, number>> = { bad: 0, warn: 1, unknown: 2, wait: 3, aside: 4, fine: 5 };
