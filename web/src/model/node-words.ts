import type { UpstreamStatus } from "../../../src/upstream/types.ts";

/** "lodestar v1.50.0 · geth": the parts of the version string that tell, without commit and platform. */
export function clientWords(status: Pick<UpstreamStatus, "version" | "clientFamily">): string {
  const [consensus = "unknown", execution = "unknown"] = status.clientFamily.split("/");
  const version = status.version?.split("/")[1]?.split(/[-+ ]/)[0] ?? "";
  const parts = [consensus === "unknown" ? (status.version ?? "unknown") : `${consensus} ${version}`.trim()];
  if (execution !== "unknown" && execution !== "") parts.push(execution);
  return parts.join(" · ");
}

/**
 * "connection refused", "head behind: 5 slots behind the others": the reason, and of the detail what it adds. The name of the
 * call and of the node that a detail begins with stand in the record; in a line they push the cause out of sight.
 */
export function becauseWords(short: string, detail: string): string {
  const rest = detail.replace(/^(?:[\w/]+ of \S+: )+/, "");
  return rest === "" || rest === short ? short : `${short}: ${rest}`;
}

/** Slots that a node has to go: while it syncs, by its own count too, which no clock of ours can shorten. */
export function slotsBehind(
  status: Pick<UpstreamStatus, "headLagSlots" | "isSyncing" | "syncDistance">,
): number | undefined {
  if (status.isSyncing !== true || status.syncDistance === undefined) return status.headLagSlots;
  return Math.max(status.headLagSlots ?? 0, status.syncDistance);
}

/** Execution client as the beacon node tells it. Optimistic means: it answers, but has not yet verified the head. */
export function elState(status: Pick<UpstreamStatus, "elOffline" | "isOptimistic" | "health">): ElState {
  const told = elTold(status);
  return status.health === "down" ? { word: "–", fact: `the node is down; it said last: ${told.fact}` } : told;
}

interface ElState {
  word: string;
  fact: string;
  tone?: "warn" | "bad";
}

function elTold(status: Pick<UpstreamStatus, "elOffline" | "isOptimistic">): ElState {
  if (status.elOffline === true) return { word: "offline", fact: "el_offline: true", tone: "bad" };
  if (status.isOptimistic === true) return { word: "optimistic", fact: "is_optimistic: true", tone: "warn" };
  if (status.elOffline === undefined)
    return { word: "not told", fact: "the node does not tell whether its execution client is online" };
  return { word: "online", fact: `el_offline: false, is_optimistic: ${status.isOptimistic ?? "not told"}` };
}

/** Provider and region first, then other labels. */
export function placeWords(labels: Readonly<Record<string, string>>): string {
  const { provider, region, ...rest } = labels;
  const others = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [provider, region, ...others].filter((word) => word !== undefined && word !== "").join(" · ");
}
