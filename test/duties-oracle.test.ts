import { afterAll, describe, expect, it } from "vitest";
import type { OraclePreset } from "./oracle/src/chain-truth.ts";
import { compareChain } from "./support/oracle/compare-chain.ts";
import { readChain, type ReadChain } from "./support/oracle/read-chain.ts";
import { chainKinds, drawRequest, forkName, type ChainKind } from "./support/oracle/draw-request.ts";
import { replay, startOracle, type Oracle } from "./support/oracle/start-oracle.ts";

/** `PRESET:FORK[-NEXT]:SEED` plays one chain alone; `SLOTKEEPER_ORACLE_CHAINS` says how many of each kind there are. */
const only = process.env["SLOTKEEPER_ORACLE_CASE"];
const chains = Number(process.env["SLOTKEEPER_ORACLE_CHAINS"] ?? 4);
const firstSeed = Number(process.env["SLOTKEEPER_ORACLE_SEED"] ?? 1);

const oracles = new Map<OraclePreset, Oracle>();
function oracleOf(preset: OraclePreset): Oracle {
  const oracle = oracles.get(preset) ?? startOracle(preset);
  oracles.set(preset, oracle);
  return oracle;
}
afterAll(async () => {
  await Promise.all([...oracles.values()].map((oracle) => oracle.stop()));
});

function seedsOf(kind: ChainKind): number[] {
  const all = Array.from(
    { length: kind.preset === "minimal" ? chains : Math.ceil(chains / 2) },
    (_, n) => firstSeed + n,
  );
  if (only === undefined) return all;
  const [preset, forks, seed] = only.split(":");
  const isMeant = preset === kind.preset && forks === [kind.fork, kind.nextFork].filter(Boolean).join("-");
  return isMeant ? [Number(seed)] : [];
}

describe("duties against the specification's own state transition", () => {
  for (const kind of chainKinds) {
    const seeds = seedsOf(kind);
    if (seeds.length === 0) continue;
    it(`agree on ${kind.preset} ${forkName(kind)}`, { timeout: 30_000 + 10_000 * seeds.length }, async () => {
      for (const seed of seeds) {
        const request = drawRequest(kind, seed);
        const truth = await oracleOf(kind.preset).build(request);
        const { checked, differences } = compareChain(truth);
        expect(checked, replay(kind.preset, request)).toBeGreaterThan(300);
        expect(differences.slice(0, 20), replay(kind.preset, request)).toEqual([]);
      }
    });
  }
});

describe("the comparison itself", () => {
  const kind: ChainKind = { preset: "minimal", fork: "capella", nextFork: "deneb" };
  /** Ways to be wrong, each of which must show. */
  const wrongs: Readonly<Record<string, (chain: ReadChain) => ReadChain>> = {
    "a block that nobody read": (chain) => ({ ...chain, canonical: chain.canonical.toSpliced(9, 1) }),
    "an attestation that was not read": (chain) => alterAttestations(chain, (attestations) => attestations.slice(1)),
    "a vote for another head": (chain) =>
      alterAttestations(chain, (attestations) =>
        attestations.map((it) => ({ ...it, headRoot: `0x${"00".repeat(32)}` })),
      ),
    "a vote for another target": (chain) =>
      alterAttestations(chain, (attestations) =>
        attestations.map((it) => ({ ...it, target: { ...it.target, root: `0x${"00".repeat(32)}` } })),
      ),
    "a source that may be one slot later": (chain) => ({
      ...chain,
      spec: { ...chain.spec, timelySourceDelay: chain.spec.timelySourceDelay + 1 },
    }),
    "the shorter window of before Deneb": (chain) => ({
      ...chain,
      canonical: chain.canonical.map((block) => ({ ...block, fork: "capella" })),
    }),
    "a weight of the reward": (chain) => ({ ...chain, spec: { ...chain.spec, targetWeight: 25 } }),
  };
  const request = drawRequest(kind, 3);

  it.each(Object.entries(wrongs))("finds %s", async (_, alter) => {
    const truth = await oracleOf(kind.preset).build(request);
    expect(compareChain(truth).differences).toEqual([]);
    expect(compareChain(truth, alter(readChain(truth))).differences).not.toEqual([]);
  });

  it("finds committees that are shifted by one member", async () => {
    const truth = await oracleOf(kind.preset).build(request);
    const chain = readChain(truth);
    const shifted = truth.epochs.map((epoch) => {
      const [first, ...rest] = epoch.committees.flat(2);
      const members = [...rest, ...(first === undefined ? [] : [first])];
      return {
        ...epoch,
        committees: epoch.committees.map((slot) => slot.map(({ length }) => members.splice(0, length))),
      };
    });
    expect(compareChain({ ...truth, epochs: shifted }, chain).differences).not.toEqual([]);
  });
});

/** Changes what one block in the middle of the chain includes. */
function alterAttestations(
  chain: ReadChain,
  alter: (
    attestations: ReadChain["canonical"][number]["attestations"],
  ) => ReadChain["canonical"][number]["attestations"],
): ReadChain {
  const canonical = chain.canonical.map((block, at) =>
    at === 9 ? { ...block, attestations: alter(block.attestations) } : block,
  );
  return { ...chain, canonical };
}
