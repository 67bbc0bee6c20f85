import { systemNames, type SystemName } from "./systems.ts";
import { lost, type KeeperScore, type RoundResult } from "./play-round.ts";

/** What a system lost over all its rounds. */
export interface Totals {
  expected: number;
  missed: number;
  late: number;
  wrongHead: number;
  expectedProposals: number;
  missedProposals: number;
  expectedSync: number;
  missedSync: number;
  failedRequests: number;
  switchMsMax: number;
}

/** Rounds that count, by system: a peer counts where the victim is the first node of its list, as it is for Slotkeeper. */
export function totalsOf(rounds: readonly RoundResult[]): Record<SystemName, Totals> {
  return Object.fromEntries(
    systemNames.map((system) => [system, rounds.map((round) => scoreOf(round, system)).reduce(add, nothing())]),
  ) as Record<SystemName, Totals>;
}

/** One line for each kind: what each system lost in it, as "attestations+sync+blocks (failed requests)". */
export function tableByKind(rounds: readonly RoundResult[]): string[] {
  const lines = [`kind | rounds | ${systemNames.join(" | ")}`];
  for (const [kind, same] of Map.groupBy(rounds, ({ plan }) => plan.kind)) {
    const cells = systemNames.map((system) => {
      const { missed, missedSync, missedProposals, failedRequests, switchMsMax } = same
        .map((round) => scoreOf(round, system))
        .reduce(add, nothing());
      return `${missed}+${missedSync}+${missedProposals} (${failedRequests}; ${switchMsMax} ms)`;
    });
    lines.push(`${kind} | ${same.length} | ${cells.join(" | ")}`);
  }
  return lines;
}

/** What happened in a round, for the log. */
export function describeRound(round: RoundResult): string {
  const parts = round.scores.map((score) => {
    const { attestations, sync, proposals } = score.chain;
    const name = [score.keeper.system, score.keeper.primary].filter((part) => part !== undefined).join("-");
    const figures = `${attestations.missed}/${attestations.expected}+${sync.missed}/${sync.expected}+${proposals.missed}/${proposals.expected}`;
    return `${name} ${figures} (${score.failedRequests}; ${score.switchMs} ms)`;
  });
  const own = round.scores.find(({ keeper }) => keeper.system === "slotkeeper");
  const missed = own && lost(own.chain) > 0 ? describeMissed(own) : [];
  const mark = round.isVoid ? "VOID " : "";
  const head = `${mark}${round.plan.kind} at ${round.victim}: ${parts.join("; ")}`;
  return [head, ...(own?.problems ?? []), ...missed].join("\n    ");
}

/** Who missed what in which slot, and what the validator client asked and got in the first of those and the one before. */
function describeMissed({ chain: { attestations, sync, proposals }, requestsIn }: KeeperScore): string[] {
  const list = (what: string, faults: readonly { slot: number; validatorIndex: number }[]) =>
    faults.length === 0 ? [] : [`${what}: ${faults.map((one) => `${one.validatorIndex}@${one.slot}`).join(" ")}`];
  const all = [attestations, sync, proposals].flatMap(({ missedBy }) => missedBy);
  const first = Math.min(...all.map(({ slot }) => slot));
  return [
    ...list("attestations", attestations.missedBy),
    ...list("sync", sync.missedBy),
    ...list("blocks", proposals.missedBy),
    ...requestsIn(first - 1),
    `in slot ${first}:`,
    ...requestsIn(first),
  ];
}

function scoreOf({ scores, victim }: RoundResult, system: SystemName): Totals {
  const counted = scores.filter(
    ({ keeper }) => keeper.system === system && (keeper.primary === undefined || keeper.primary === victim),
  );
  return counted.map(toTotals).reduce(add, nothing());
}

function toTotals({ chain: { attestations, sync, proposals }, failedRequests, switchMs }: KeeperScore): Totals {
  return {
    expected: attestations.expected,
    missed: attestations.missed,
    late: attestations.late,
    wrongHead: attestations.wrongHead,
    expectedProposals: proposals.expected,
    missedProposals: proposals.missed,
    expectedSync: sync.expected,
    missedSync: sync.missed,
    failedRequests,
    switchMsMax: switchMs,
  };
}

function nothing(): Totals {
  return {
    expected: 0,
    missed: 0,
    late: 0,
    wrongHead: 0,
    expectedProposals: 0,
    missedProposals: 0,
    expectedSync: 0,
    missedSync: 0,
    failedRequests: 0,
    switchMsMax: 0,
  };
}

function add(a: Totals, b: Totals): Totals {
  const sum = { ...a };
  for (const key of Object.keys(sum) as (keyof Totals)[])
    sum[key] = key === "switchMsMax" ? Math.max(a[key], b[key]) : a[key] + b[key];
  return sum;
}
