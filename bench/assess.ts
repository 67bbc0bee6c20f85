import { assess } from "../src/incidents/assessment/assess.ts";
import type { AssessmentInput, Victim } from "../src/incidents/assessment/input.ts";
import { playCase, words, type CaseResult } from "./assess/play-case.ts";
import { scenarios } from "./assess/scenarios.ts";
import { round } from "./lib/statistics.ts";
import type { BenchmarkOptions } from "./registry.ts";

/**
 * Incidents of the catalogue, replayed on a simulated chain with a fleet of ours that differs each time: is the scope right
 * within two epochs of the impact, and the label set, and how many pages would the rules that ship have made? The epochs
 * are judged, stored and gathered by the monitor's own parts. The seed is printed; a case plays again from its own.
 */
export async function run({ isQuick, flags }: BenchmarkOptions): Promise<Record<string, unknown>> {
  const seed = Number(flags["seed"] ?? 1 + Math.floor(Math.random() * 1_000_000_000));
  const variations = Number(flags["variations"] ?? (isQuick ? 1 : 10));
  const only = flags["only"]?.split(",");
  console.log(`seed ${seed}, ${variations} variations of each`);
  const results: { incident: string; result: CaseResult }[] = [];
  for (const scenario of scenarios) {
    if (only && !only.includes(scenario.incident)) continue;
    for (let i = 0; i < variations; i++) {
      const result = await playCase(scenario, seed + 1_000 * i + scenarios.indexOf(scenario));
      results.push({ incident: scenario.incident, result });
      if (!result.isRight) tell(scenario.incident, result);
      for (const line of result.misleading) console.log(`misleading ${scenario.incident} seed ${result.seed}: ${line}`);
    }
    summarize(
      scenario.incident,
      scenario.what,
      results.filter(({ incident }) => incident === scenario.incident).map(({ result }) => result),
    );
  }
  const wide = results.filter(({ result }) => result.truth.scope === "network");
  const others = results.filter(({ result }) => result.truth.scope !== "network");
  const delays = results.flatMap(({ result }) => result.rightAfterSlots ?? []).sort((a, b) => a - b);
  return {
    cases: results.length,
    right: results.filter(({ result }) => result.isRight).length,
    scopeRight: results.filter(({ result }) => result.assessment.scope === result.truth.scope).length,
    misleadingAssessments: results.reduce((sum, { result }) => sum + result.misleading.length, 0),
    medianSlotsToRight: delays[Math.floor(delays.length / 2)],
    worstSlotsToRight: delays.at(-1),
    networkWideCases: wide.length,
    mostPagesNetworkWide: most(wide, ({ pages }) => pages),
    mostPagesOthers: most(others, ({ pages }) => pages),
    slowestGatherMs: round(Math.max(...results.map(({ result }) => result.slowestMs)), 1),
    ...timeLarge(isQuick ? 3 : 20),
    seed,
  };
}

const sum = (pages: CaseResult["pages"]) => Object.values(pages).reduce((all, count) => all + count, 0);

function most(of: readonly { result: CaseResult }[], read: (result: CaseResult) => CaseResult["pages"]): number {
  return Math.max(0, ...of.map(({ result }) => sum(read(result))));
}

function tell(incident: string, { seed, truth, assessment: { scope, reason, cohorts, sentence } }: CaseResult): void {
  const named = words(cohorts[0]?.labels);
  console.log(
    `WRONG ${incident} seed ${seed}: ${scope} (${reason}) ${named}, true is ${truth.scope} ${truth.labels}; ${sentence}`,
  );
}

function summarize(incident: string, what: string, results: readonly CaseResult[]): void {
  const [first] = results;
  const right = results.filter(({ isRight }) => isRight).length;
  const range = (read: (result: CaseResult) => CaseResult["pages"]) => {
    const counts = results.map((result) => sum(read(result)));
    const names = new Set(results.flatMap((result) => Object.keys(read(result))));
    return `${Math.min(...counts)} to ${Math.max(...counts)} (${[...names].join(", ")})`;
  };
  console.log(
    `${incident} (${what}): ${right} of ${results.length} right; pages ${range(({ pages }) => pages)}; ` +
      `"${first?.assessment.sentence}"`,
  );
}

/** 100,000 validators, every one with labels of its own object, a quarter of them hit. */
function timeLarge(rounds: number): { assess100kCpuMs: number; assess100kWorstCpuMs: number } {
  const count = 100_000;
  const victims: Victim[] = [];
  const watched: { labels: Victim["labels"]; validators: number }[] = [];
  for (let index = 0; index < count; index++) {
    const labels = {
      ...{
        validatorClient: `vc-${index % 100}`,
        beaconNode: `bn-${index % 50}`,
        group: `g-${index % 20}`,
        operator: "us",
      },
      ...{ host: `h-${index % 100}`, provider: `p-${index % 4}`, region: `r-${index % 3}`, customer: `c-${index % 7}` },
    };
    watched.push({ labels, validators: 1 });
    if (index % 4 === 1) victims.push({ index, stakeGwei: 32e9, labels });
  }
  const input: AssessmentInput = {
    ...{
      fromAt: 3,
      about: {},
      epochs: [1, 2, 3, 4].map((epoch) => epochOf(epoch, count, epoch > 2 ? victims.length : 0)),
    },
    ...{
      finalityLagEpochs: 2,
      branches: [],
      watched,
      victims,
      ordinaryRate: 0.001,
      slashed: [],
      nodes: [],
      silentGateways: [],
    },
    ...{
      hosts: [],
      logs: [],
      logSources: 0,
      transitions: [],
      actions: [],
      otherChanges: [],
      sla: [],
      causes: [],
      penaltiesGwei: 0,
    },
  };
  // Of this process: others on the machine lengthen the wall clock's time.
  const times = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    assess(input, 5);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }).sort((a, b) => a - b);
  return {
    assess100kCpuMs: round(times[Math.floor(rounds / 2)] ?? NaN, 1),
    assess100kWorstCpuMs: round(times.at(-1) ?? NaN, 1),
  };
}

function epochOf(epoch: number, own: number, lost: number): AssessmentInput["epochs"][number] {
  const sums = (assigned: number, missed: number) => ({
    assigned,
    included: assigned - missed,
    timelyTarget: assigned - missed,
  });
  return { epoch, at: epoch, own: sums(own, lost), network: sums(10 * own, lost + Math.round(0.01 * own)) };
}
