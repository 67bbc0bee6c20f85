import type { PublicKey } from "@chainsafe/blst";
import { SecretKey, aggregatePublicKeys } from "@chainsafe/blst";
import { createBeaconConfig, type ChainForkConfig } from "@lodestar/config";
import { EFFECTIVE_BALANCE_INCREMENT, FAR_FUTURE_EPOCH } from "@lodestar/params";
import {
  createCachedBeaconState,
  createPubkeyCache,
  getTemporaryBlockHeader,
  type CachedBeaconStateAllForks,
  type CachedBeaconStateAltair,
  type CachedBeaconStateBellatrix,
  type CachedBeaconStateCapella,
  type CachedBeaconStateDeneb,
  type CachedBeaconStateElectra,
  type CachedBeaconStatePhase0,
} from "@lodestar/state-transition";
import {
  upgradeStateToAltair,
  upgradeStateToBellatrix,
  upgradeStateToCapella,
  upgradeStateToDeneb,
  upgradeStateToElectra,
  upgradeStateToFulu,
} from "@lodestar/state-transition/slot";
import { ssz, type phase0 } from "@lodestar/types";
import type { ChainRequest, OracleFork } from "./chain-truth.ts";
import { forkOrder } from "./chain-config.ts";
import type { Random } from "./random.ts";

const gwei = EFFECTIVE_BALANCE_INCREMENT;
export const genesisTime = 1_700_000_000;

/** Real points of the curve (sync committees add them up), made by adding the generator again and again. */
function publicKeys(count: number): Uint8Array[] {
  const generator = SecretKey.fromBytes(Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 1 : 0))).toPublicKey();
  const keys: PublicKey[] = [];
  for (let key = generator; keys.length < count; key = aggregatePublicKeys([key, generator])) keys.push(key);
  return keys.map((key) => key.toBytes());
}

interface Registry {
  validators: phase0.Validator[];
  balances: number[];
}

/** Most are active for good; some come later, leave soon, or hold another balance than the rest. */
function registry(request: ChainRequest, random: Random): Registry {
  const isElectra = forkOrder.indexOf(request.fork) >= forkOrder.indexOf("electra");
  const balances: number[] = [];
  const validators = publicKeys(request.validators).map((pubkey) => {
    const kind = random.next();
    const isCompounding = isElectra && random.has(0.3);
    const most = isCompounding ? random.pick([33, 64, 100, 2048]) : 32;
    const increments = random.has(0.3) ? 17 + random.below(most - 16) : most;
    balances.push(increments * gwei + random.below(gwei / 2));
    const withdrawalCredentials = random.bytes(32);
    withdrawalCredentials[0] = isCompounding ? 2 : random.has(0.5) ? 1 : 0;
    const exitEpoch = kind < 0.05 ? 1 + random.below(request.epochs + 1) : FAR_FUTURE_EPOCH;
    return {
      pubkey,
      withdrawalCredentials,
      effectiveBalance: increments * gwei,
      slashed: kind >= 0.05 && kind < 0.07,
      activationEligibilityEpoch: 0,
      activationEpoch: kind > 0.95 ? 1 + random.below(request.epochs) : 0,
      exitEpoch,
      withdrawableEpoch: exitEpoch === FAR_FUTURE_EPOCH ? FAR_FUTURE_EPOCH : exitEpoch + 256,
    };
  });
  return { validators, balances };
}

const neverForks = Object.fromEntries(forkOrder.map((fork) => [`${fork.toUpperCase()}_FORK_EPOCH`, Infinity]));

type Upgrade = (state: CachedBeaconStateAllForks) => CachedBeaconStateAllForks;

const upgrades: Readonly<Record<OracleFork, Upgrade>> = {
  altair: (state) => upgradeStateToAltair(state as CachedBeaconStatePhase0),
  bellatrix: (state) => upgradeStateToBellatrix(state as CachedBeaconStateAltair),
  capella: (state) => upgradeStateToCapella(state as CachedBeaconStateBellatrix),
  deneb: (state) => upgradeStateToDeneb(state as CachedBeaconStateCapella),
  electra: (state) => upgradeStateToElectra(state as CachedBeaconStateDeneb),
  fulu: (state) => upgradeStateToFulu(state as CachedBeaconStateElectra),
};

/** A genesis state of the first fork: a phase 0 state that the library's own upgrades carry there, all at slot 0. */
export function createGenesis(
  config: ChainForkConfig,
  request: ChainRequest,
  random: Random,
): CachedBeaconStateAllForks {
  const plain = ssz.phase0.BeaconState.defaultViewDU();
  const { validators, balances } = registry(request, random);
  plain.genesisTime = genesisTime;
  plain.validators = ssz.phase0.Validators.toViewDU(validators);
  plain.balances = ssz.phase0.Balances.toViewDU(balances);
  plain.genesisValidatorsRoot = plain.validators.hashTreeRoot();
  plain.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU(
    getTemporaryBlockHeader(config, config.getForkTypes(0).BeaconBlock.defaultValue()),
  );
  // The seed of an epoch is a mix of long ago, wrapped around the vector: both ends are random, so committees are.
  const mixes = plain.randaoMixes.length;
  for (let at = 0; at < 4; at++) {
    plain.randaoMixes.set(at, random.bytes(32));
    plain.randaoMixes.set(mixes - 1 - at, random.bytes(32));
  }
  plain.commit();
  const pubkeyCache = createPubkeyCache();
  const atPhase0 = createBeaconConfig({ ...config, ...neverForks }, plain.genesisValidatorsRoot);
  let state: CachedBeaconStateAllForks = createCachedBeaconState(plain, { config: atPhase0, pubkeyCache });
  for (const fork of forkOrder.slice(0, forkOrder.indexOf(request.fork) + 1)) state = upgrades[fork](state);
  if ("latestExecutionPayloadHeader" in state) state.latestExecutionPayloadHeader.blockHash = random.bytes(32);
  if ("pendingDeposits" in state) {
    // The upgrade queues what compounding validators hold above 32: here they hold it from the start.
    state.balances = ssz.phase0.Balances.toViewDU(balances);
    state.pendingDeposits = ssz.electra.PendingDeposits.defaultViewDU();
  }
  state.commit();
  const type = config.getForkTypes(0).BeaconState;
  // Caches that the upgrades carried along are those of phase 0.
  return createCachedBeaconState(type.getViewDU(state.node) as CachedBeaconStateAllForks, {
    config: createBeaconConfig(config, plain.genesisValidatorsRoot),
    pubkeyCache,
  });
}
