import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/app-error.ts";
import type { UpstreamGroup, View } from "../../upstream/types.ts";
import type { Standing } from "../role-messages.ts";

/** Until now a new gateway waits for its view to be as good as the old one's in every respect. */
export const fullWarmUpMs = 12_000;
/** Until now it waits for a view that is no worse in kind; then it gives up. */
export const maxWarmUpMs = 30_000;

const rank: Readonly<Record<View["kind"], number>> = { none: 0, split: 1, degraded: 2, serving: 3 };

export interface GroupWarmth {
  group: string;
  view: View["kind"];
  ready: number;
  /** What the old process has; absent for a group that it does not serve. */
  wanted: Standing[string] | undefined;
}

export type WarmUp =
  | { kind: "warm" }
  | { kind: "waiting"; reason: "fewer-ready" | "view-worse"; detail: string }
  | { kind: "cold"; reason: "view-worse"; detail: string };

/** May the new process take over now, `waitedMs` after its start? With nodes that are all down for the old one too, it may. */
export function judgeWarmUp(groups: readonly GroupWarmth[], waitedMs: number): WarmUp {
  const worse = groups.filter(({ view, wanted }) => rank[view] < rank[wanted?.view ?? "none"]);
  if (worse.length > 0) {
    const detail = worse
      .map(({ group, view, wanted }) => `group ${group} is ${view} here and ${wanted?.view} in the running process`)
      .join("; ");
    return { kind: waitedMs < maxWarmUpMs ? "waiting" : "cold", reason: "view-worse", detail };
  }
  const fewer = groups.filter(({ view, ready, wanted }) => view !== "serving" || ready < (wanted?.ready ?? 1));
  if (fewer.length === 0 || waitedMs >= fullWarmUpMs) return { kind: "warm" };
  const detail = fewer
    .map(({ group, ready, wanted }) => `group ${group} has ${ready} of ${wanted?.ready ?? 1} ready nodes`)
    .join("; ");
  return { kind: "waiting", reason: "fewer-ready", detail };
}

/** Resolves when the groups are warm; rejects with `AppError` `not-ready` when they do not become it in time. */
export async function warmUp(
  upstreams: ReadonlyMap<string, UpstreamGroup>,
  standing: Standing,
  clock: Clock,
): Promise<void> {
  const startedAt = clock.monotonic();
  for (;;) {
    const groups = [...upstreams].map(([group, upstream]) => {
      const { kind, ready } = upstream.view();
      return { group, view: kind, ready: ready.length, wanted: standing[group] };
    });
    const verdict = judgeWarmUp(groups, clock.monotonic() - startedAt);
    if (verdict.kind === "warm") return;
    if (verdict.kind === "cold")
      throw new AppError(
        `look at the beacon nodes from the new process: after ${maxWarmUpMs / 1000} s ${verdict.detail}`,
        { code: "not-ready" },
      );
    await clock.sleep(50);
  }
}
