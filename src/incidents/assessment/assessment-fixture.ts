import type { Labels } from "../../alerts/labels.ts";
import type { AssessedEpoch, AssessedNode, AssessmentInput, DutySums, LabelCount, Victim } from "./input.ts";

/** For tests: a quiet day of a fleet that nobody knows, with changes. */
export const epochMs = 384_000;

export function sums(assigned: number, lost: number): DutySums {
  return { assigned, included: assigned - lost, timelyTarget: assigned - lost };
}

/** Epochs 90 to 100 by default; the incident's figures begin with epoch 98. `lost` of ours and of strangers, from 99 on. */
export function someEpochs(own: number, lostOwn: number, lostStrangers: number, strangers = 100_000): AssessedEpoch[] {
  return Array.from({ length: 11 }, (_, i) => {
    const isHit = i >= 9;
    const ours = sums(own, isHit ? lostOwn : 0);
    const others = sums(strangers, Math.round(0.005 * strangers) + (isHit ? lostStrangers : 0));
    return {
      ...{ epoch: 90 + i, at: (90 + i) * epochMs, own: ours },
      network: {
        assigned: ours.assigned + others.assigned,
        included: ours.included + others.included,
        timelyTarget: ours.timelyTarget + others.timelyTarget,
      },
    };
  });
}

export const nothingKnown: AssessmentInput = {
  ...{ fromAt: 98 * epochMs, about: {}, epochs: [], finalityLagEpochs: undefined, branches: [] },
  ...{ watched: [], victims: [], ordinaryRate: 0, slashed: [], nodes: [], silentGateways: [], hosts: [] },
  ...{ logs: [], logSources: 0, transitions: [], actions: [], otherChanges: [], sla: [], causes: [], penaltiesGwei: 0 },
};

export const now = 102 * epochMs;

/** A fleet by labels, and its victims: `isHit` of the labels and the position among those with the same. */
export function fleet(
  groups: readonly { labels: Labels; validators: number }[],
  isHit: (labels: Labels, position: number) => boolean,
): { watched: LabelCount[]; victims: Victim[] } {
  let index = 0;
  const victims: Victim[] = [];
  for (const { labels, validators } of groups)
    for (let position = 0; position < validators; position++, index++)
      if (isHit(labels, position)) victims.push({ index, stakeGwei: 32e9, labels });
  return { watched: [...groups], victims };
}

/** The quiet day with a fleet whose victims are lost in the newest two epochs. */
export function day(
  { watched, victims }: { watched: LabelCount[]; victims: Victim[] },
  changes: Partial<AssessmentInput> & { lostStrangers?: number } = {},
): AssessmentInput {
  const { lostStrangers = 0, ...rest } = changes;
  const own = watched.reduce((sum, { validators }) => sum + validators, 0);
  const epochs = someEpochs(own, victims.length, lostStrangers);
  return { ...nothingKnown, epochs, finalityLagEpochs: 2, watched, victims, ...rest };
}

export function node(name: string, change: Partial<AssessedNode> = {}): AssessedNode {
  return {
    ...{ node: name, group: "main", gateway: "gw", health: "ready", operator: "active", detail: "", sinceAt: 0 },
    ...{ headLagSlots: 0, isOptimistic: false, elOffline: false, peers: 50, clientFamily: "lighthouse/geth" },
    ...{ version: "v1", ...change },
  };
}
