import type { ChainSpec, Fork } from "./types.ts";

/** The fork in force at an epoch; before genesis the first one. `undefined` when the node named no fork at all. */
export function forkAt(spec: Pick<ChainSpec, "forks">, epoch: number): Fork | undefined {
  let current = spec.forks[0];
  for (const fork of spec.forks) if (fork.epoch <= epoch) current = fork;
  return current;
}

/** True from the Gloas fork on, where the slot is divided differently (EIP-7732). */
export function isGloas(spec: Pick<ChainSpec, "forks">, epoch: number): boolean {
  return spec.forks.some((fork) => fork.name === "gloas" && fork.epoch <= epoch);
}
