import type { BitArray } from "@chainsafe/ssz";
import type { SimBlock, SimChain } from "../chain/types.ts";
import { toHex } from "../hash.ts";
import { presets } from "../preset.ts";

interface DataValue {
  slot: number;
  index: number;
  beaconBlockRoot: Uint8Array;
  source: { epoch: number; root: Uint8Array };
  target: { epoch: number; root: Uint8Array };
}
interface Body {
  attestations: { aggregationBits: BitArray; committeeBits?: BitArray; data: DataValue }[];
  proposerSlashings: { signedHeader1: { message: { proposerIndex: number } } }[];
  attesterSlashings: { attestation1: { attestingIndices: number[] }; attestation2: { attestingIndices: number[] } }[];
  syncAggregate?: { syncCommitteeBits: BitArray };
  executionPayload?: { withdrawals?: { validatorIndex: number; amount: number }[] };
}
interface Checkpoint {
  epoch: number;
  root: string;
}

/**
 * The specification's state transition once more, as slowly and plainly as it is written there, from nothing but the
 * blocks that the chain serves: whole numbers are bigints, nothing is cached, nothing is shared with the chain's own.
 */
export function createNaiveState(chain: SimChain) {
  const preset = presets[chain.preset];
  const n = chain.validators.count;
  const perEpoch = chain.slotsPerEpoch;
  const firstEpoch = chain.epochOf(chain.firstSlot);
  const eth = 1_000_000_000n;
  const names = ["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu"];
  const isFrom = (epoch: number, fork: string) => {
    const now = chain.forks.findLast((one) => one.epoch <= epoch)?.name ?? "phase0";
    return names.indexOf(now) >= names.indexOf(fork);
  };
  const life = (index: number) => chain.validators.life(index);
  const isActive = (index: number, epoch: number) =>
    life(index).activationEpoch <= epoch && epoch < life(index).exitEpoch;
  const everybody = Array.from({ length: n }, (_, index) => index);
  const most = (index: number, epoch: number) =>
    chain.validators.startBalance(index) > 32_000_000_000 && isFrom(epoch, "electra") ? 2048n * eth : 32n * eth;
  const min = (a: bigint, b: bigint) => (a < b ? a : b);

  let epoch = firstEpoch;
  const balances = everybody.map((index) => BigInt(chain.validators.startBalance(index)));
  let effective = balances.map((balance, index) => min(balance - (balance % eth), most(index, epoch)));
  let previous = everybody.map(() => new Set<string>());
  let current = everybody.map(() => new Set<string>());
  const scores = everybody.map(() => 0n);
  const slashedAt = new Map<number, number>();
  const slashings: { epoch: number; amount: bigint }[] = [];
  for (const index of everybody) {
    const { slashed } = life(index);
    if (!slashed || slashed.slot > chain.firstSlot) continue;
    slashedAt.set(index, chain.epochOf(slashed.slot));
    slashings.push({ epoch: chain.epochOf(slashed.slot), amount: effective[index] ?? 0n });
  }
  const anchor = { epoch: firstEpoch, root: chain.headAt(chain.firstSlot).root };
  let previousJustified: Checkpoint = anchor;
  let justified: Checkpoint = anchor;
  let finalized: Checkpoint = anchor;
  let bits = [false, false, false, false];
  const roots = new Map<number, string>([[chain.firstSlot, anchor.root]]);
  let lastSlot = chain.firstSlot;
  const problems: string[] = [];

  const rootAt = (slot: number): string => {
    for (let at = Math.min(slot, lastSlot); at >= chain.firstSlot; at--) {
      const root = roots.get(at);
      if (root) return root;
    }
    return anchor.root;
  };
  const sum = (indices: number[]) => {
    const total = indices.reduce((all, index) => all + (effective[index] ?? 0n), 0n);
    return total < eth ? eth : total;
  };
  const totalActive = () => sum(everybody.filter((index) => isActive(index, epoch)));
  const perIncrement = () => (eth * BigInt(preset.baseRewardFactor)) / sqrt(totalActive());
  const baseReward = (index: number, each: bigint) => ((effective[index] ?? 0n) / eth) * each;
  const add = (index: number, gwei: bigint) => {
    const next = (balances[index] ?? 0n) + gwei;
    balances[index] = next < 0n ? 0n : next;
  };
  const withdrawableEpoch = (index: number) => {
    const usual = life(index).exitEpoch + 256;
    const slashed = slashedAt.get(index);
    return slashed === undefined ? usual : Math.max(usual, slashed + preset.epochsPerSlashingsVector);
  };
  const unslashed = (flags: Set<string>[], flag: string, of: number) =>
    everybody.filter((index) => isActive(index, of) && flags[index]?.has(flag) && !slashedAt.has(index));

  function processEpoch(): void {
    if (epoch > firstEpoch + 1) justify();
    const eligible = everybody.filter(
      (index) => isActive(index, epoch - 1) || (slashedAt.has(index) && epoch < withdrawableEpoch(index)),
    );
    if (epoch > firstEpoch && isFrom(epoch, "altair")) {
      const isLeak = epoch - 1 - finalized.epoch > 4;
      const hit = new Set(unslashed(previous, "target", epoch - 1));
      for (const index of eligible) {
        let score = scores[index] ?? 0n;
        if (hit.has(index)) score -= min(1n, score);
        else score += 4n;
        if (!isLeak) score -= min(16n, score);
        scores[index] = score;
      }
      pay(eligible, hit, isLeak);
    }
    punish();
    effective = effective.map((now, index) => {
      const balance = balances[index] ?? 0n;
      const isOff = balance + eth / 4n < now || now + (eth / 4n) * 5n < balance;
      return isOff ? min(balance - (balance % eth), most(index, epoch)) : now;
    });
    previous = current;
    current = everybody.map(() => new Set<string>());
    epoch += 1;
  }

  function justify(): void {
    const total = totalActive();
    const oldPrevious = previousJustified;
    const oldCurrent = justified;
    previousJustified = justified;
    bits = [false, ...bits.slice(0, 3)];
    if (sum(unslashed(previous, "target", epoch - 1)) * 3n >= total * 2n) {
      justified = { epoch: epoch - 1, root: rootAt((epoch - 1) * perEpoch) };
      bits[1] = true;
    }
    if (sum(unslashed(current, "target", epoch)) * 3n >= total * 2n) {
      justified = { epoch, root: rootAt(epoch * perEpoch) };
      bits[0] = true;
    }
    if (bits[1] && bits[2] && bits[3] && oldPrevious.epoch + 3 === epoch) finalized = oldPrevious;
    if (bits[1] && bits[2] && oldPrevious.epoch + 2 === epoch) finalized = oldPrevious;
    if (bits[0] && bits[1] && bits[2] && oldCurrent.epoch + 2 === epoch) finalized = oldCurrent;
    if (bits[0] && bits[1] && oldCurrent.epoch + 1 === epoch) finalized = oldCurrent;
  }

  function pay(eligible: number[], hitTarget: ReadonlySet<number>, isLeak: boolean): void {
    const active = totalActive() / eth;
    const each = perIncrement();
    const base = eligible.map((index) => baseReward(index, each));
    for (const [flag, weight] of [
      ["source", 14n],
      ["target", 26n],
      ["head", 14n],
    ] as const) {
      const hits = new Set(unslashed(previous, flag, epoch - 1));
      const participating = sum([...hits]) / eth;
      for (const [at, index] of eligible.entries()) {
        if (hits.has(index)) {
          if (!isLeak) add(index, ((base[at] ?? 0n) * weight * participating) / (active * 64n));
        } else if (flag !== "head") add(index, -((base[at] ?? 0n) * weight) / 64n);
      }
    }
    const quotient = isFrom(epoch, "bellatrix") ? 16_777_216n : 50_331_648n;
    for (const index of eligible) {
      if (!hitTarget.has(index)) add(index, -((effective[index] ?? 0n) * (scores[index] ?? 0n)) / (4n * quotient));
    }
  }

  function punish(): void {
    const multiplier = isFrom(epoch, "bellatrix") ? 3n : 2n;
    const inVector = slashings.filter((one) => one.epoch > epoch - preset.epochsPerSlashingsVector);
    const adjusted = min(inVector.reduce((all, { amount }) => all + amount, 0n) * multiplier, totalActive());
    for (const index of slashedAt.keys()) {
      if (epoch + preset.epochsPerSlashingsVector / 2 !== withdrawableEpoch(index)) continue;
      const increments = (effective[index] ?? 0n) / eth;
      const penalty = isFrom(epoch, "electra")
        ? (adjusted / (totalActive() / eth)) * increments
        : ((increments * adjusted) / totalActive()) * eth;
      add(index, -penalty);
    }
  }

  function processBlock(block: SimBlock): void {
    while (epoch < chain.epochOf(block.slot)) processEpoch();
    const { body } = chain.signedBlock(block).message as unknown as { body: Body };
    for (const { validatorIndex, amount } of body.executionPayload?.withdrawals ?? [])
      add(validatorIndex, -BigInt(amount));
    for (const one of body.proposerSlashings) slash(one.signedHeader1.message.proposerIndex, block.proposerIndex);
    for (const one of body.attesterSlashings) {
      for (const index of one.attestation1.attestingIndices) slash(index, block.proposerIndex);
    }
    for (const attestation of body.attestations) attest(block, attestation);
    if (isFrom(epoch, "altair")) sync(block, body);
    roots.set(block.slot, block.root);
    lastSlot = block.slot;
  }

  function attest(block: SimBlock, { aggregationBits, committeeBits, data }: Body["attestations"][number]): void {
    const delay = block.slot - data.slot;
    const set = chain.committees(block, data.target.epoch);
    const wanted = data.target.epoch === epoch ? justified : previousJustified;
    const say = (problem: string) => problems.push(`block ${block.slot}, votes of ${data.slot}: ${problem}`);
    if (data.source.epoch !== wanted.epoch) say("wrong source");
    if (data.source.epoch > 0 && toHex(data.source.root) !== wanted.root) say("wrong source root");
    if (data.target.epoch !== chain.epochOf(data.slot)) say("target of another epoch");
    if (delay < 1) say("too early");
    if (isFrom(epoch, "deneb") ? data.target.epoch < epoch - 1 : delay > perEpoch) say("too old");
    const committees = committeeBits ? everyBit(committeeBits) : [data.index];
    if (committeeBits && data.index !== 0) say("index is not 0");
    const hasTarget = toHex(data.target.root) === rootAt(data.target.epoch * perEpoch);
    const hasHead = hasTarget && toHex(data.beaconBlockRoot) === rootAt(data.slot);
    const flags: [string, bigint][] = [];
    if (delay * delay <= perEpoch) flags.push(["source", 14n]);
    if (hasTarget && (delay <= perEpoch || isFrom(epoch, "deneb"))) flags.push(["target", 26n]);
    if (hasHead && delay === 1) flags.push(["head", 14n]);
    const column = data.target.epoch === epoch ? current : previous;
    const each = perIncrement();
    let offset = 0;
    let numerator = 0n;
    for (const committee of committees) {
      const members = set.members(data.slot % perEpoch, committee);
      let isAnybody = false;
      for (const [position, index] of members.entries()) {
        if (!aggregationBits.get(offset + position)) continue;
        isAnybody = true;
        for (const [flag, weight] of flags) {
          if (column[index]?.has(flag)) continue;
          column[index]?.add(flag);
          numerator += baseReward(index, each) * weight;
        }
      }
      if (!isAnybody) say(`nobody of committee ${committee}`);
      offset += members.length;
    }
    if (offset !== aggregationBits.bitLen) say(`${aggregationBits.bitLen} bits for ${offset} members`);
    if (isFrom(epoch, "altair")) add(block.proposerIndex, numerator / ((56n * 64n) / 8n));
  }

  function sync(block: SimBlock, body: Body): void {
    const increments = totalActive() / eth;
    const each = (perIncrement() * increments * 2n) / 64n / BigInt(perEpoch) / BigInt(preset.syncCommitteeSize);
    for (const [seat, index] of chain.syncCommittee(epoch).entries()) {
      if (body.syncAggregate?.syncCommitteeBits.get(seat)) {
        add(index, each);
        add(block.proposerIndex, (each * 8n) / 56n);
      } else add(index, -each);
    }
  }

  function slash(index: number, proposer: number): void {
    if (slashedAt.has(index)) return problems.push(`${index} is slashed twice`) as unknown as void;
    slashedAt.set(index, epoch);
    const amount = effective[index] ?? 0n;
    slashings.push({ epoch, amount });
    add(index, -amount / (isFrom(epoch, "electra") ? 4096n : isFrom(epoch, "bellatrix") ? 32n : 64n));
    add(proposer, amount / (isFrom(epoch, "electra") ? 4096n : 512n));
  }

  return {
    processBlock,
    processEpoch,
    problems,
    /** In the form of the chain's ledger. */
    read: () => ({
      balances: balances.map(Number),
      effective: effective.map((gwei) => Number(gwei / eth)),
      previous: previous.map(numberOf),
      current: current.map(numberOf),
      scores: scores.map(Number),
      slashed: [...slashedAt.keys()].sort((a, b) => a - b),
      checkpoints: [previousJustified, justified, finalized],
    }),
  };
}

function numberOf(flags: ReadonlySet<string>): number {
  return (flags.has("source") ? 1 : 0) + (flags.has("target") ? 2 : 0) + (flags.has("head") ? 4 : 0);
}

function everyBit(bits: BitArray): number[] {
  return Array.from({ length: bits.bitLen }, (_, at) => at).filter((at) => bits.get(at));
}

function sqrt(value: bigint): bigint {
  let root = 0n;
  for (let step = 1n << 40n; step > 0n; step >>= 1n) if ((root + step) ** 2n <= value) root += step;
  return root;
}
