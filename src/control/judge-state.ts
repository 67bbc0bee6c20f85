import { findInGroup } from "./judge-group.ts";
import type { ObservedGateway } from "./observed-gateway.ts";
import { stateReasons, type StateReasonCode } from "./state-reasons.ts";

export type StateLevel = "fine" | "warning" | "bad" | "unknown";

/** One thing that is worth saying, in words for the page's first line. */
export interface Finding {
  level: StateLevel;
  reason: StateReasonCode;
  sentence: string;
}

export interface JudgedState extends Finding {
  /** What to do next, or "". */
  next: string;
  /** Everything that was found, worst first; the sentence is the first of them. */
  findings: readonly Finding[];
}

/** A status older than this is unknown, whatever it says: the gateway sends one every two seconds. */
export const staleAfterMs = 10_000;

const severity: Readonly<Record<StateLevel, number>> = { bad: 3, unknown: 2, warning: 1, fine: 0 };

/**
 * The one sentence of state. `gateways` are all that observe nodes (own observers included), `now` is ms since the epoch.
 * The worst finding speaks; unknown outranks a warning, because nobody knows what it hides.
 */
export function judgeState(gateways: readonly ObservedGateway[], now: number): JudgedState {
  const findings = gateways.flatMap((gateway) => findInGateway(gateway, now, gateways.length > 1));
  if (findings.length === 0)
    findings.push({
      level: "unknown",
      reason: "nothing-watched",
      sentence: "No gateway is watched, so nothing is known about any beacon node.",
    });
  const ordered = findings
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => severity[b.finding.level] - severity[a.finding.level] || a.index - b.index)
    .map(({ finding }) => finding);
  const [worst] = ordered as [Finding, ...Finding[]];
  const others = ordered.slice(1).filter(({ level }) => level !== "fine").length;
  const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "matter" : "matters"}, see Nodes)`;
  return { ...worst, sentence: worst.sentence + more, next: stateReasons[worst.reason].long, findings: ordered };
}

function findInGateway(gateway: ObservedGateway, now: number, isNamed: boolean): Finding[] {
  const ageMs = gateway.lastContactAt === undefined ? undefined : Math.max(0, now - gateway.lastContactAt);
  if (!gateway.isReachable || !gateway.status || ageMs === undefined) {
    const since = ageMs === undefined ? "and never was since the monitor started" : `for ${ageText(ageMs)}`;
    const sentence = `Gateway ${gateway.name} cannot be reached ${since}; the state of its nodes is unknown.`;
    return [{ level: "unknown", reason: "gateway-unreachable", sentence }];
  }
  if (ageMs > staleAfterMs) {
    const sentence = `Gateway ${gateway.name} has told nothing for ${ageText(ageMs)}; the state of its nodes is unknown.`;
    return [{ level: "unknown", reason: "status-stale", sentence }];
  }
  const { status } = gateway;
  const findings = status.groups.flatMap((group) => {
    const names = [isNamed ? gateway.name : "", status.groups.length > 1 ? group.group : ""].filter(
      (name) => name !== "",
    );
    return findInGroup(group, now - status.startedAt, now).map((finding) => ({
      ...finding,
      sentence: names.length === 0 ? finding.sentence : `${names.join("/")}: ${finding.sentence}`,
    }));
  });
  if (status.configError !== undefined)
    findings.push({
      level: "warning",
      reason: "config-not-taken-over",
      sentence: `Gateway ${gateway.name} refused the newest config file: ${status.configError}`,
    });
  return findings;
}

/** "12 s", "4 min", "3 h": coarse on purpose. */
export function ageText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
