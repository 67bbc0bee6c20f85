import type { Clock } from "../../lib/clock.ts";
import type { Network } from "../../upstream/types.ts";
import type { ReplayItem } from "./replay-items.ts";

/** Validators that two clients named within an epoch. */
export interface DuplicateKeys {
  /** Validator indices. */
  indices: readonly string[];
  /** The client that named the first of them before. */
  other: string;
}

/** Watches who names which validator: two clients with one key will sign two messages for one duty some day. */
export interface KeyWatch {
  /** What this client named that another one named within the last epoch; each pair is told once. */
  see(items: readonly Pick<ReplayItem, "validatorIndex">[], client: string): DuplicateKeys | undefined;
}

export function createKeyWatch(clock: Clock, network: () => Network | undefined, maxKeys: number): KeyWatch {
  const owners = new Map<number, { client: string; at: number }>();

  return {
    see(items, client) {
      const spec = network()?.spec;
      const now = clock.now();
      const oldest = now - (spec ? spec.slotsPerEpoch * spec.slotDurationMs : 32 * 12_000);
      const indices = new Set<number>();
      let other = "";
      for (const { validatorIndex: index } of items) {
        // Registrations are named by public key, and any client that sends them also names the index.
        if (index === undefined) continue;
        const owner = owners.get(index);
        if (owner === undefined) {
          if (owners.size < maxKeys) owners.set(index, { client, at: now });
          continue;
        }
        if (owner.client !== client && owner.at >= oldest) {
          indices.add(index);
          other ||= owner.client;
        }
        owner.client = client;
        owner.at = now;
      }
      return indices.size === 0 ? undefined : { indices: [...indices].map(String), other };
    },
  };
}
