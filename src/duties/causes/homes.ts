import type { EvidenceRecord } from "../../control/types.ts";
import type { Home } from "./types.ts";

/** Through whom each validator works, learnt from what was published. */
export interface Homes {
  of(validatorIndex: number): readonly Home[];
  learn(gateway: string, record: EvidenceRecord): void;
}

/** A validator that moves about is remembered at so many places. */
const mostHomes = 3;

export function createHomes(mostValidators: number): Homes {
  const known = new Map<number, Home[]>();
  return {
    of: (validatorIndex) => known.get(validatorIndex) ?? [],
    learn(gateway, { published, group, client, at }) {
      for (const { signers } of published?.votes ?? [])
        for (const signer of signers) {
          // Before Electra votes name no validator; subscriptions do.
          if (typeof signer !== "number") continue;
          const homes = known.get(signer);
          if (!homes) {
            if (known.size < mostValidators) known.set(signer, [{ gateway, group, client, firstAt: at, at }]);
            continue;
          }
          const last = homes.at(-1);
          if (last?.gateway === gateway && last.group === group && last.client === client) last.at = at;
          else {
            homes.push({ gateway, group, client, firstAt: at, at });
            if (homes.length > mostHomes) homes.shift();
          }
        }
    },
  };
}
