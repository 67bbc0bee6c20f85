import { getJson, getOrNull } from "../../testbed/src/beacon-api.ts";

/** What a full state says of the epoch before its own, by validator index. */
export interface StateTruth {
  slot: number;
  /** Bit 0 source, bit 1 target, bit 2 head. */
  participation: readonly number[];
  /** Gwei. */
  effectiveBalances: readonly number[];
  balances: readonly number[];
  slashed: readonly boolean[];
  /** Active in the epoch that `participation` is of. */
  isActive(validatorIndex: number, epoch: number): boolean;
}

interface StateAnswer {
  data: {
    slot: string;
    previous_epoch_participation: string[];
    balances: string[];
    validators: { effective_balance: string; slashed: boolean; activation_epoch: string; exit_epoch: string }[];
  };
}

/**
 * The full state after a block, from a real node; `undefined` where the node no longer holds it. The state of the last block
 * of epoch N + 1 is the last word on N: slots without a block change no participation.
 */
export async function readStateTruth(url: string, blockRoot: string): Promise<StateTruth | undefined> {
  const header = await getJson<{ data: { header: { message: { state_root: string } } } }>(
    url,
    `/eth/v1/beacon/headers/${blockRoot}`,
  );
  const path = `/eth/v2/debug/beacon/states/${header.data.header.message.state_root}`;
  const answer = await getOrNull<StateAnswer>(url, path, { timeoutMs: 20_000 });
  if (answer === null) return undefined;
  const { slot, previous_epoch_participation, balances, validators } = answer.data;
  return {
    slot: Number(slot),
    participation: previous_epoch_participation.map(Number),
    effectiveBalances: validators.map(({ effective_balance }) => Number(effective_balance)),
    balances: balances.map(Number),
    slashed: validators.map(({ slashed }) => slashed),
    isActive(validatorIndex, epoch) {
      const validator = validators[validatorIndex];
      return (
        validator !== undefined && Number(validator.activation_epoch) <= epoch && epoch < Number(validator.exit_epoch)
      );
    },
  };
}
