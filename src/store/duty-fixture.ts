import type { CohortTotals, DutyException, DutyTotals, EpochResult, EpochState } from "../duties/types.ts";

const root = (seed: number) => `0x${seed.toString(16).padStart(64, "0")}`;

/** Each total is another number, so that two that are mixed up show. */
export function someTotals(seed: number): DutyTotals {
  const at = (place: number) => seed * 1_000 + place;
  return {
    ...{ validators: at(1), stake: at(2), assigned: at(3), included: at(4), timelySource: at(5), timelyTarget: at(6) },
    ...{ timelyHead: at(7), delaySum: at(8), effectiveDelaySum: at(9), stakeAssigned: at(10), stakeIncluded: at(11) },
    ...{ stakeTarget: at(12), stakeHead: at(13), earned: -at(14), ideal: 2 ** 50 + at(15), proposals: at(16) },
    ...{
      proposed: at(17),
      syncDuties: at(18),
      syncHits: at(19),
      syncEarned: -at(20),
      syncIdeal: at(21),
      slashed: at(22),
    },
  };
}

export function someException(epoch: number, changes: Partial<DutyException> = {}): DutyException {
  return {
    ...{ epoch, slot: epoch * 8, validatorIndex: 3, kind: "attestation", outcome: "missed", detail: 0, lost: 12_345 },
    cause: {
      code: "block-late",
      confidence: "likely",
      evidence: [
        { origin: "chain", at: undefined, text: `no block in slot ${epoch * 8}` },
        { origin: "node:bn1", at: 2 ** 41, text: "saw it after 5.2 s" },
      ],
    },
    ...changes,
  };
}

/** An epoch of a small fleet with something of everything, the same for the same numbers; `variant` changes what can change. */
export function someEpoch(epoch: number, state: EpochState = "final", variant = 0, validators = 6): EpochResult {
  const at = Array.from({ length: validators }, (_, i) => i);
  const missed = (epoch + variant) % validators;
  const cohorts: CohortTotals[] = [
    { key: "", value: "", totals: someTotals(epoch + variant) },
    { key: "customer", value: "acme", totals: someTotals(epoch + variant + 1) },
    { key: "customer", value: "zeta", totals: someTotals(epoch + variant + 2) },
    { key: "region", value: "eu", totals: someTotals(epoch + variant + 3) },
  ];
  return {
    ...{ epoch, state, judgedAt: 2 ** 41 + epoch, headRoot: root(epoch + variant), fork: "electra", rewards: "node" },
    caveats: epoch % 3 === 0 ? ["rewards-unknown"] : [],
    slots: Array.from({ length: 8 }, (_, i) => ({
      ...{ slot: epoch * 8 + i, proposerIndex: i === 5 ? undefined : i, block: i === 3 ? "missed" : "proposed" },
      ...{ root: i === 3 ? undefined : root(epoch * 8 + i), assigned: 100, included: 99 - variant, timelyHead: 98 },
    })),
    network: someTotals(epoch + 50 + variant),
    cohorts,
    columns: {
      indices: Uint32Array.from(at, (i) => i * 3),
      duty: Uint8Array.from(at, (i) => (i === missed ? 1 : 31)),
      delay: Uint8Array.from(at, (i) => (i === missed ? 0 : 1)),
      emptySlots: new Uint8Array(validators),
      effectiveBalance: new Uint16Array(validators).fill(32),
      balance: Float64Array.from(at, (i) => (i === 4 ? Number.NaN : 32_000_000_000 + epoch * 9_650 + i * 77 + variant)),
      earned: Int32Array.from(at, (i) => (i === missed ? -8_000 : 9_650)),
      ideal: new Int32Array(validators).fill(9_650),
    },
    proposals: [
      {
        ...{ slot: epoch * 8 + 1, validatorIndex: 3, outcome: "proposed", root: root(7), feeRecipient: "0xab" },
        ...{
          reward: 40_000_000 + variant,
          lost: undefined,
          relay: "relay.example",
          valuePromised: 2 ** 52,
          valuePaid: 9,
        },
      },
      {
        ...{ slot: epoch * 8 + 3, validatorIndex: 0, outcome: "missed", root: undefined, feeRecipient: undefined },
        ...{ reward: undefined, lost: 41_000_000 },
      },
    ],
    sync: [
      { validatorIndex: 6, seats: 2, duties: 14, hits: 13 - variant, earned: -5, ideal: 70 },
      { validatorIndex: 0, seats: 1, duties: 7, hits: 7, earned: undefined, ideal: undefined },
    ],
    slashings: epoch % 5 === 0 ? [{ slot: epoch * 8 + 2, validatorIndex: 9, offence: "attester" }] : [],
    exceptions: [
      someException(epoch, { validatorIndex: missed * 3, place: missed }),
      someException(epoch, { validatorIndex: 6, slot: epoch * 8 + 2, outcome: "late", detail: 4, lost: undefined }),
      someException(epoch, {
        ...{ validatorIndex: 0, slot: epoch * 8 + 3, kind: "proposal", outcome: "missed", lost: 41_000_000 },
        cause: { code: variant > 0 ? "unknown" : "node-down", confidence: "certain", evidence: [] },
      }),
      ...(epoch % 5 === 0
        ? [someException(epoch, { validatorIndex: 9, slot: epoch * 8 + 7, kind: "slashing", outcome: "slashed" })]
        : []),
    ],
    ...(variant === 0 && { committeesPerSlot: 4 }),
  };
}
