import { forkNames, type Fork, type ForkName } from "../../chain/types.ts";
import { hashParts } from "../hash.ts";

/**
 * Every fork up to the last one that is scheduled. Forks before a scheduled one that are not named are in force from
 * the chain's start. Versions differ by seed, so that two simulated networks are never taken for one.
 */
export function scheduleForks(seed: string, epochs: Readonly<Partial<Record<ForkName, number>>>): readonly Fork[] {
  const network = Buffer.from(hashParts(seed, "network")).toString("hex", 0, 3);
  const last = forkNames.findLastIndex((name) => epochs[name] !== undefined);
  return forkNames.slice(0, last + 1).map((name, position) => ({
    name,
    version: `0x${position.toString(16).padStart(2, "0")}${network}`,
    epoch: epochs[name] ?? 0,
  }));
}

/** The fork in force, by name. */
export function forkNameAt(forks: readonly Fork[], epoch: number): ForkName {
  return forks.findLast((fork) => fork.epoch <= epoch)?.name ?? "phase0";
}
