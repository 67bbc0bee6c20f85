import type { Cancel, Clock } from "../lib/clock.ts";
import type { SimChain } from "./chain/types.ts";
import type { SimFault, SimFaultKind } from "./fault-kinds/types.ts";
import type { SimBeaconNode } from "./start-sim-beacon-node.ts";

/** One line of a scenario: at the start of a slot a node gets a fault, or loses one kind or all of them. */
export interface ScenarioStep {
  atSlot: number;
  /** Name of the node. */
  node: string;
  fault?: SimFault;
  clear?: SimFaultKind | "all";
}

/** A scenario being played. */
export interface ScenarioRun {
  /** Resolves after the last step, or when stopped. */
  readonly finished: Promise<void>;
  stop(): void;
}

/**
 * Plays steps in order of their slots; steps of slots that are past are played at once. Throws TypeError for a step
 * that names an unknown node, before anything is played.
 */
export function playScenario(
  steps: readonly ScenarioStep[],
  nodes: readonly SimBeaconNode[],
  chain: Pick<SimChain, "startOfSlot">,
  clock: Clock,
): ScenarioRun {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const stranger = steps.find((step) => !byName.has(step.node));
  if (stranger)
    throw new TypeError(
      `play scenario: there is no node ${stranger.node}; name one of ${[...byName.keys()].join(", ")}`,
    );
  const ordered = [...steps].sort((a, b) => a.atSlot - b.atSlot);
  const { promise, resolve } = Promise.withResolvers<void>();
  let cancel: Cancel = () => undefined;

  function playDue(): void {
    for (let next = ordered[0]; next; next = ordered[0]) {
      const waitMs = chain.startOfSlot(next.atSlot) - clock.now();
      if (waitMs > 0) {
        cancel = clock.after(waitMs, playDue);
        return;
      }
      ordered.shift();
      play(next);
    }
    resolve();
  }

  function play(step: ScenarioStep): void {
    const node = byName.get(step.node);
    if (step.clear) node?.clearFault(step.clear === "all" ? undefined : step.clear);
    if (step.fault) node?.setFault(step.fault);
  }

  playDue();
  return {
    finished: promise,
    stop() {
      cancel();
      resolve();
    },
  };
}
