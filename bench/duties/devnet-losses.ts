import { setTimeout as sleep } from "node:timers/promises";
import type { BeaconNode, Devnet, ValidatorClient } from "../../testbed/src/devnet.ts";

/** A real node and the validator client that talks to it alone. */
export interface Victim {
  node: BeaconNode;
  client: ValidatorClient;
}

/** One way to lose duties, for `slots` slots from the next one on; resolves when it is over and everything runs again. */
export interface Loss {
  name: string;
  play(devnet: Devnet, victim: Victim, slots: number): Promise<void>;
}

const until = (devnet: Devnet, slot: number, shareOfSlot = 0): Promise<unknown> =>
  sleep(Math.max(0, devnet.slotStartMs(slot) + shareOfSlot * devnet.slotDurationMs - Date.now()));

function whole(name: string, begin: (victim: Victim) => void, end: (victim: Victim) => void): Loss {
  return {
    name,
    async play(devnet, victim, slots) {
      const first = devnet.currentSlot() + 1;
      await until(devnet, first);
      begin(victim);
      try {
        await until(devnet, first + slots, 0.5);
      } finally {
        end(victim);
      }
    },
  };
}

/** All, or those named. Throws where a name is unknown. */
export function lossesNamed(names: string | undefined): readonly Loss[] {
  if (names === undefined) return losses;
  return names.split(",").map((name) => {
    const found = losses.find((loss) => loss.name === name);
    if (found) return found;
    throw new Error(`play ${name}: there is no such loss; known are ${losses.map((loss) => loss.name).join(", ")}`);
  });
}

/** Everything that the benchmark injects, one after the other. */
const losses: readonly Loss[] = [
  whole(
    "validator client paused",
    ({ client }) => client.freeze(),
    ({ client }) => client.thaw(),
  ),
  {
    name: "late blocks",
    // Asleep for the first 60 % of each slot: its blocks and votes come after everybody's deadline.
    async play(devnet, { client }, slots) {
      const first = devnet.currentSlot() + 1;
      for (let slot = first; slot < first + slots; slot++) {
        await until(devnet, slot - 1, 0.95);
        client.freeze();
        try {
          await until(devnet, slot, 0.6);
        } finally {
          client.thaw();
        }
      }
    },
  },
  whole(
    "node frozen",
    ({ node }) => node.freeze(),
    ({ node }) => node.thaw(),
  ),
  whole(
    "EL syncing",
    ({ node }) => node.setExecution("syncing"),
    ({ node }) => node.setExecution("valid"),
  ),
  whole(
    "node forked away",
    ({ node }) => node.isolate(),
    ({ node }) => node.rejoin(),
  ),
];
