import {
  judgeCpu,
  judgeDisks,
  judgeHostClock,
  judgeMemory,
  type HostFinding,
  type HostVerdict,
} from "../judge-host.ts";
import type { CpuUse, HostReading } from "../read-host.ts";
import type { SignalReasonCode } from "../reasons.ts";
import type { DiskState, PageState, ProcessState } from "./host-state.ts";

export type Finding = HostFinding<SignalReasonCode>;

/** Figures older than this are shown with their age and judged unknown. */
export const oldMs = 180_000;
const soonDays = 2;
const laterDays = 7;
const restartedMs = 3_600_000;
const filesShare = 0.9;

/** What is known of one machine at an instant. */
export interface HostFacts {
  /** Nothing is configured to be read. */
  isUnwatched: boolean;
  reading: HostReading | undefined;
  readAt: number | undefined;
  cpu: CpuUse | undefined;
  disks: readonly DiskState[];
  processes: readonly ProcessState[];
  pages: readonly PageState[];
}

/** Findings about a machine, worst first. Missing and old figures are findings too: unknown is never good. */
export function judgeState(facts: HostFacts, now: number): readonly Finding[] {
  const findings: Finding[] = [...pagesOf(facts)];
  if (facts.isUnwatched) findings.push(unknown("host-unwatched", ""));
  else if (!facts.reading || facts.readAt === undefined) {
    if (facts.processes.length > 0) findings.push(unknown("host-unread", "none of its pages is node_exporter's"));
    else if (findings.length === 0) findings.push(unknown("host-not-read", ""));
  } else if (now - facts.readAt > oldMs)
    findings.push(unknown("host-old", `read ${Math.round((now - facts.readAt) / 1000)} s ago`));
  else {
    const { reading, cpu, readAt } = facts;
    const clock = judgeHostClock(reading, { at: readAt, latencyMs: 0 });
    findings.push(judgeCpu(reading, cpu), judgeMemory(reading), ...judgeDisks(reading), ...facts.disks.flatMap(fills));
    if (clock) findings.push(clock);
  }
  findings.push(...facts.processes.flatMap((process) => processFindings(process, now)));
  return findings.sort((a, b) => rank(a.verdict) - rank(b.verdict));
}

export function worst(findings: readonly Finding[]): HostVerdict {
  return findings.reduce<HostVerdict>((found, { verdict }) => (rank(verdict) < rank(found) ? verdict : found), "good");
}

const order: readonly HostVerdict[] = ["bad", "warning", "unknown", "good"];
const rank = (verdict: HostVerdict): number => order.indexOf(verdict);

function pagesOf({ pages }: HostFacts): Finding[] {
  return pages.flatMap(({ place, error }) =>
    error ? [unknown(error.code, `${place}: ${error.message}`, { place })] : [],
  );
}

function fills({ mountpoint, forecast }: DiskState): Finding[] {
  const days = forecast.normal?.daysToFull;
  if (days === undefined || days > laterDays) return [];
  const detail = `${mountpoint}: full in ${days.toFixed(1)} days at the rate of the last hours`;
  const facts = { mountpoint, daysToFull: Number(days.toFixed(2)) };
  return days <= soonDays
    ? [{ verdict: "bad", reason: "disk-fills-soon", detail, facts }]
    : [{ verdict: "warning", reason: "disk-fills", detail, facts }];
}

function processFindings(process: ProcessState, now: number): Finding[] {
  const { place, openFiles, maxFiles, startedAt, restarts } = process;
  const found: Finding[] = [];
  if (openFiles !== undefined && maxFiles !== undefined && maxFiles > 0 && openFiles / maxFiles >= filesShare) {
    const detail = `${place}: ${openFiles} of ${maxFiles} files open`;
    found.push({ verdict: "warning", reason: "files-near-limit", detail, facts: { place, openFiles, maxFiles } });
  }
  if (restarts > 0 && startedAt !== undefined && now - startedAt < restartedMs) {
    const detail = `${place}: started ${new Date(startedAt).toISOString()}`;
    found.push({ verdict: "warning", reason: "process-restarted", detail, facts: { place, startedAt, restarts } });
  }
  return found;
}

function unknown(reason: SignalReasonCode, detail: string, facts: Finding["facts"] = {}): Finding {
  return { verdict: "unknown", reason, detail, facts };
}
