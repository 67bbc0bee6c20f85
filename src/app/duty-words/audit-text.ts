import { dutyReasons } from "../../duties/reasons.ts";
import type { EpochState } from "../../duties/types.ts";
import type { AuditReport } from "../duty-audit/audit-report.ts";
import { bytes, plural } from "./amounts.ts";
import { lostTable } from "./lost-table.ts";
import { byHandLines, proofLines } from "./proof-text.ts";
import { otherTotals, totalsTable } from "./totals-table.ts";

export const stateWords: Readonly<Record<EpochState, string>> = {
  live: "live: it still runs, votes may yet be included",
  provisional: "provisional: every vote that could be included is, only a reorg can change it",
  final: "final: it cannot change any more",
};

const mostNames = 20;

/** An audit for a terminal: the answer first, then who lost what, then the proofs. */
export function auditText(report: AuditReport): string {
  const { epoch, state, fork, fromSlot, toSlot, beacon, ours, network, scope, rewards, caveats, cost } = report;
  const rows =
    scope === "everybody"
      ? [["everybody", ours] as const]
      : ([
          ["named", ours],
          ["everybody", network],
        ] as const);
  const lines = [
    sentenceOf(report),
    "",
    `epoch ${epoch} (slots ${fromSlot} to ${toSlot}, ${fork}) at ${beacon}`,
    `${stateWords[state]}; gwei: ${report.isGweiLeftOut ? "not asked for, because very many validators are judged" : rewardWords[rewards]}`,
    "",
    ...totalsTable(rows),
    ...otherTotals(ours),
  ];
  if (report.unknown.length > 0) lines.push("", `NOT KNOWN to the chain: ${names(report.unknown)}`);
  if (report.idle.length > 0)
    lines.push(
      "",
      `without an attestation in this epoch: ${names(report.idle.map((one) => `${one.validator} (${one.status})`))}`,
    );
  if (report.duties.length > 0) lines.push("", ...lostTable(report.duties));
  if (report.cut > 0) lines.push(`… and ${report.cut} more; --limit shows more of them`);
  for (const code of caveats) lines.push("", caveatLine(code));
  for (const proof of report.proofs) lines.push("", ...proofLines(proof), ...byHandLines(proof, beacon));
  lines.push("", `asked: ${plural(cost.requests, "request")}, ${bytes(cost.bytesReceived)}`);
  return `${lines.join("\n")}\n`;
}

const rewardWords: Readonly<Record<AuditReport["rewards"], string>> = {
  node: "told by the node",
  computed: "computed from the specification",
  none: "not known",
};

function sentenceOf({ epoch, state, lost, ours, scope, unknown }: AuditReport): string {
  const who = scope === "everybody" ? "of everybody" : "of those named";
  const missing = unknown.length > 0 ? ` ${plural(unknown.length, "validator")} named cannot be judged.` : "";
  if (ours.assigned === 0 && lost === 0) return `Epoch ${epoch}: no duty ${who} was due.${missing}`;
  const soFar = state === "live" ? " so far" : "";
  if (lost === 0) return `Epoch ${epoch}: every duty ${who} was done perfectly${soFar}.${missing}`;
  return `Epoch ${epoch}: ${plural(lost, "duty").replace("dutys", "duties")} ${who} ${lost === 1 ? "was" : "were"} lost or not perfect${soFar}.${missing}`;
}

/** A caveat in words; a code that this version does not know stays as it is. */
export function caveatLine(code: string): string {
  const reason = (dutyReasons as Readonly<Record<string, { short: string; long: string }>>)[code];
  return reason ? `note: ${reason.short}. ${reason.long}` : `note: ${code}`;
}

function names(all: readonly string[]): string {
  const more = all.length - mostNames;
  return `${all.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
