import type { OraclePreset } from "../../test/oracle/src/chain-truth.ts";
import { compareChain } from "../../test/support/oracle/compare-chain.ts";
import { chainKinds, drawRequest, forkName, type ChainKind } from "../../test/support/oracle/draw-request.ts";
import { replay, startOracle } from "../../test/support/oracle/start-oracle.ts";

export interface Exactness {
  checked: number;
  differences: number;
}

/**
 * Many random chains of each fork, of each step between forks and of each preset, judged by the product and by the
 * specification's own state transition. Every difference is printed with what plays its chain again.
 */
export async function checkGeneratedChains(
  chainsOfKind: number,
  firstSeed: number,
): Promise<Exactness & { chains: number; kinds: Record<string, Exactness> }> {
  const kinds: Record<string, Exactness> = {};
  const presets = [...new Set(chainKinds.map(({ preset }) => preset))];
  // One child for each preset; they and the comparison share the processors.
  await Promise.all(presets.map((preset) => checkPreset(preset)));

  async function checkPreset(preset: OraclePreset): Promise<void> {
    const oracle = startOracle(preset);
    try {
      for (const kind of chainKinds) if (kind.preset === preset) await checkKind(kind, oracle);
    } finally {
      await oracle.stop();
    }
  }

  async function checkKind(kind: ChainKind, oracle: ReturnType<typeof startOracle>): Promise<void> {
    const name = `${kind.preset} ${forkName(kind)}`;
    const sum: Exactness = { checked: 0, differences: 0 };
    for (let seed = firstSeed; seed < firstSeed + chainsOfKind; seed++) {
      const request = drawRequest(kind, seed);
      const { checked, differences } = compareChain(await oracle.build(request));
      sum.checked += checked;
      sum.differences += differences.length;
      for (const line of differences.slice(0, 5)) console.log(`DIFFERENT ${line}; ${replay(kind.preset, request)}`);
    }
    console.log(`${name}: ${chainsOfKind} chains, ${sum.checked} duties, ${sum.differences} differences`);
    kinds[name] = sum;
  }

  const all = Object.values(kinds);
  return {
    chains: all.length * chainsOfKind,
    checked: all.reduce((sum, { checked }) => sum + checked, 0),
    differences: all.reduce((sum, { differences }) => sum + differences, 0),
    kinds,
  };
}
