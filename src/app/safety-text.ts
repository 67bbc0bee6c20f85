import { ageText } from "../control/judge-state.ts";
import type { GroupStatus } from "../control/types.ts";
import { branchText } from "./tell-group.ts";

/** What people have set and what guards have refused in a group, one line each; none where there is nothing to say. */
export function operationLines(group: GroupStatus, now: number): string[] {
  const { hold, drains, faults, branches, chosenBranch, tripwire } = group;
  const lines: string[] = [];
  if (hold)
    lines.push(`HELD by ${hold.by} for ${ageText(now - hold.at)}: ${hold.reason}. Signing inputs are withheld.`);
  if (branches && branches.length > 0) {
    const chosen = chosenBranch
      ? `, ${chosenBranch.by} chose ${chosenBranch.root}`
      : ": nothing is served to sign over";
    lines.push(`SPLIT into ${branches.length} branches${chosen}`, ...branches.map((each) => `  ${branchText(each)}`));
  }
  for (const { node, by, at, waitsFor } of drains ?? []) {
    const waits = waitsFor.map(
      ({ detail, untilAt }) => `${detail}${untilAt === undefined ? "" : inText(untilAt, now)}`,
    );
    const state = waits.length === 0 ? "out of service, may be stopped" : `draining, waits for: ${waits.join("; ")}`;
    lines.push(`${node} ${state} (${by}, ${ageText(Math.max(0, now - at))} ago)`);
  }
  for (const { id, node, kind, by, expiresAt } of faults ?? [])
    lines.push(`fault ${kind} on ${node}, by ${by}${inText(expiresAt, now)} (${id})`);
  if (tripwire && tripwire.refused > 0) {
    const { last } = tripwire;
    const who = last
      ? `, last ${last.kind} of validator ${last.validatorIndex ?? "?"} in slot ${last.slot} from ${last.client}`
      : "";
    lines.push(`REFUSED ${tripwire.refused} slashable messages${who}`);
  }
  return lines;
}

/** The same, and what is only asked for by name: the watermark and coming proposals. */
export function groupLines(group: GroupStatus, now: number): string[] {
  const { sourceWatermark, proposals, network } = group;
  const lines = operationLines(group, now);
  if (sourceWatermark) lines.push(`no source epoch below ${sourceWatermark.epoch} is served`);
  const next = (proposals ?? []).slice(0, 5).map(({ slot, validatorIndex }) => {
    const at = network ? inText(network.genesisTimeMs + slot * network.slotDurationMs, now) : "";
    return `slot ${slot} by validator ${validatorIndex}${at}`;
  });
  if (proposals) lines.push(`coming proposals: ${next.length === 0 ? "none known" : next.join("; ")}`);
  return lines;
}

const inText = (at: number, now: number) => (at > now ? `, ${ageText(at - now)} from now` : "");
