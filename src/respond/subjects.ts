import { labelOf } from "../alerts/labels.ts";
import { dutyClasses } from "../incidents/open-for-suppression.ts";
import type { Episode } from "./types.ts";

/** Alarms of one cause begin within this time of each other. */
export const togetherMs = 120_000;

/** What an alarm can be about. Alarms close to each other that share one of these are one incident. */
export const joinLabels: readonly string[] = [
  ...["group", "node", "host", "validatorClient", "provider", "customer", "gateway", "client", "place"],
];

/** What one cause does to duties or the chain shows in several alarms at once. */
export function isAboutDuties({ labels }: Pick<Episode, "labels">): boolean {
  return dutyClasses.some((each) => each === labelOf(labels, "class"));
}
