import type { Notice, NoticeAlert } from "../src/alerts/notice/types.ts";
import { carries, labelOf } from "../src/alerts/labels.ts";
import { planFaults, type Fault } from "./noise/faults.ts";
import { makeFleet } from "./noise/fleet.ts";
import { seeded } from "./noise/random.ts";
import { runDay } from "./noise/run-day.ts";
import type { BenchmarkOptions } from "./registry.ts";

const minuteMs = 60_000;
/** Judging takes two epochs, an alert about three of them so long again. */
const graceMs = 35 * minuteMs;

/**
 * A day of 10,000 validators with ordinary losses, restarts and gaps, and with faults among them, through the facts, the
 * shipped rules and the grouping. A page is a notice `firing` of severity `critical`. Prints every page that no fault explains.
 */
export async function run({ isQuick, flags }: BenchmarkOptions): Promise<Record<string, unknown>> {
  const seed = Number(flags["seed"] ?? 1 + Math.floor(Math.random() * 2_147_483_645));
  console.log(`seed ${seed}`);
  const random = seeded(seed);
  const fleet = makeFleet();
  const fromAt = Date.UTC(2026, 0, 5) + Math.floor(random() * 24) * 3_600_000;
  const hours = isQuick ? 3 : 24;
  const count = isQuick ? 6 : 30;
  const plan = isQuick
    ? { count, fromAt: fromAt + 10 * minuteMs, spacingMs: 24 * minuteMs, pauseMs: 0 }
    : { count, fromAt: fromAt + 20 * minuteMs, spacingMs: 43 * minuteMs, pauseMs: 100 * minuteMs };
  const faults = planFaults(fleet, random, plan);
  const middle = faults[count / 2];
  const pause =
    isQuick || !middle ? undefined : { fromAt: middle.startAt - 105 * minuteMs, toAt: middle.startAt - 35 * minuteMs };
  const started = performance.now();
  const outcome = await runDay({ fleet, random, fromAt, hours, faults, pause });
  const { paged, unexplained } = attribute(outcome.notices, faults);
  for (const fault of faults) {
    const at = paged.get(fault);
    const when = `${clockTime(fault.startAt)} ${fault.kind}`;
    console.log(
      at === undefined
        ? `${when}: NOT PAGED`
        : `${when}: paged after ${Math.round((at - fault.startAt) / minuteMs)} min`,
    );
  }
  for (const { at, alerts } of unexplained)
    console.log(`${clockTime(at)} page without a fault: ${alerts.map(({ summary }) => summary).join(" ")}`);
  const worstEpochMs = Math.max(...outcome.epochMs);
  return {
    ...{ name: "noise", hours, validators: fleet.indices.length, pages: unexplained.length, injected: faults.length },
    injectedPaged: paged.size,
    kinds: new Set(faults.map(({ kind }) => kind)).size,
    ordinaryPercent: percent(outcome.ordinary.reduce((sum, share) => sum + share, 0) / outcome.ordinary.length),
    worstOrdinaryPercent: percent(Math.max(...outcome.ordinary)),
    warnings: outcome.notices.filter(({ kind, severity }) => kind === "firing" && severity !== "critical").length,
    facts: outcome.facts,
    factsMs: Number((outcome.supplyMs / outcome.looks).toFixed(2)),
    worstFactsMs: Number(outcome.worstSupplyMs.toFixed(1)),
    worstEpochMs: Number(worstEpochMs.toFixed(1)),
    seconds: Math.round((performance.now() - started) / 1_000),
    seed,
  };
}

/** Which pages are about which fault; a page with an alert that no fault explains is noise. */
function attribute(notices: readonly Notice[], faults: readonly Fault[]) {
  const paged = new Map<Fault, number>();
  const unexplained: { at: number; alerts: NoticeAlert[] }[] = [];
  const told = new Set<string>();
  for (const { kind, severity, alerts, at } of notices) {
    if (kind !== "firing" || severity !== "critical") continue;
    const critical = alerts.filter((alert) => alert.severity === "critical" && alert.status === "firing");
    const fresh = critical.filter(({ fingerprint, startsAt }) => !told.has(`${fingerprint} ${startsAt}`));
    const strange: NoticeAlert[] = [];
    for (const alert of fresh) {
      told.add(`${alert.fingerprint} ${alert.startsAt}`);
      const lasting = faults.filter(({ startAt, endAt }) => at >= startAt && at <= endAt + graceMs);
      const about = lasting.filter((fault) => isAbout(fault, alert));
      for (const fault of about) if (!paged.has(fault)) paged.set(fault, at);
      if (about.length === 0 && !lasting.some(({ also }) => also?.includes(labelOf(alert.labels, "alertname"))))
        strange.push(alert);
    }
    if (strange.length > 0) unexplained.push({ at, alerts: strange });
  }
  return { paged, unexplained };
}

function isAbout({ pages }: Fault, { labels }: NoticeAlert): boolean {
  return pages.some((page) => page.alertname === labelOf(labels, "alertname") && carries(labels, page.labels ?? {}));
}

function percent(share: number): number {
  return Number((100 * share).toFixed(2));
}

function clockTime(at: number): string {
  return new Date(at).toISOString().slice(5, 16);
}
