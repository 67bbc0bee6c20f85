import { finalityDistanceEpochs } from "../../control/judge-group.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";

/** MIN_EPOCHS_TO_INACTIVITY_PENALTY of consensus-specs: beyond it the chain leaks. */
const lateEpochs = 4;

/** Does the chain fail to finalize, as far as any group that is reached knows? `undefined`: nobody knows. */
export function isFinalityLate(observed: readonly ObservedGateway[]): boolean | undefined {
  const distances = observed
    .flatMap(({ isReachable, status }) => (isReachable ? (status?.groups ?? []) : []))
    .flatMap((group) => finalityDistanceEpochs(group) ?? []);
  return distances.length === 0 ? undefined : Math.min(...distances) > lateEpochs;
}
