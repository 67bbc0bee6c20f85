import { FAR_FUTURE_EPOCH } from "@lodestar/params";
import { getVoluntaryExitValidity, type CachedBeaconStateAllForks } from "@lodestar/state-transition";
import type { BeaconBlockBody, phase0 } from "@lodestar/types";
import type { ChainRequest } from "./chain-truth.ts";
import type { Random } from "./random.ts";

const signature = new Uint8Array(96);

/** Puts random slashings and exits into a body that are valid on this state. Nobody is named twice in one block. */
export function addOperations(
  state: CachedBeaconStateAllForks,
  body: BeaconBlockBody,
  request: ChainRequest,
  random: Random,
): void {
  const epoch = state.epochCtx.epoch;
  const proposer = state.epochCtx.getBeaconProposer(state.slot);
  const taken = new Set([proposer]);
  const draw = (): number | undefined => {
    const index = random.below(state.validators.length);
    const { slashed, activationEpoch, withdrawableEpoch } = state.validators.getReadonly(index);
    if (taken.has(index) || slashed || activationEpoch > epoch || withdrawableEpoch <= epoch) return undefined;
    taken.add(index);
    return index;
  };

  if (random.has(request.shares.proposerSlashings)) {
    const index = draw();
    if (index !== undefined) {
      const header = () => ({
        ...emptyHeader,
        slot: BigInt(state.slot),
        proposerIndex: index,
        bodyRoot: random.bytes(32),
      });
      body.proposerSlashings.push({
        signedHeader1: { message: header(), signature },
        signedHeader2: { message: header(), signature },
      });
    }
  }
  if (random.has(request.shares.attesterSlashings)) {
    const guilty = [draw(), draw()].filter((index) => index !== undefined);
    // Two slashings may name the same attester, and one may name somebody who left long ago: nothing happens to either.
    const immune = state.validators
      .getAllReadonlyValues()
      .flatMap(({ slashed, withdrawableEpoch }, index) =>
        (slashed || withdrawableEpoch <= epoch) && !taken.has(index) ? [index] : [],
      );
    if (immune.length > 0 && random.has(0.4)) guilty.push(random.pick(immune));
    // Bystanders signed only one of the two and stay unslashed.
    const bystanders = [draw(), draw()].filter((index) => index !== undefined);
    const [first, second] = bystanders;
    const vote = (extra: number | undefined) => ({
      attestingIndices: [...guilty, ...(extra === undefined ? [] : [extra])].sort((a, b) => a - b),
      data: {
        slot: BigInt(state.slot),
        index: 0n,
        beaconBlockRoot: random.bytes(32),
        source: { epoch: 0n, root: new Uint8Array(32) },
        target: { epoch: BigInt(epoch), root: random.bytes(32) },
      },
      signature,
    });
    if (guilty.some((index) => !immune.includes(index)))
      body.attesterSlashings.push({ attestation1: vote(first), attestation2: vote(second) });
  }
  if (random.has(request.shares.exits)) {
    const exit = findExit(state, random, taken);
    if (exit) body.voluntaryExits.push(exit);
  }
}

const emptyHeader = {
  parentRoot: new Uint8Array(32),
  stateRoot: new Uint8Array(32),
};

function findExit(
  state: CachedBeaconStateAllForks,
  random: Random,
  taken: Set<number>,
): phase0.SignedVoluntaryExit | undefined {
  const validatorIndex = random.below(state.validators.length);
  const exit = { message: { epoch: state.epochCtx.epoch, validatorIndex }, signature };
  if (taken.has(validatorIndex) || state.validators.getReadonly(validatorIndex).exitEpoch !== FAR_FUTURE_EPOCH)
    return undefined;
  const fork = state.config.getForkSeq(state.slot);
  return getVoluntaryExitValidity(fork, state, exit, false) === "valid" ? exit : undefined;
}
