import type {
  CausesPage,
  DutiesNow,
  EpochDetail,
  EpochsPage,
  ExceptionsPage,
  NextDutiesPage,
} from "../../api/contract-duties.ts";
import type { DutyGap } from "../../duties/types.ts";
import { emptyTotals } from "../../duties/totals.ts";
import { textTable } from "../text-table.ts";
import { bytes, gwei, mean, percent, plural, shareOf } from "./amounts.ts";
import { caveatLine, stateWords } from "./audit-text.ts";
import { causeShort, lostTable } from "./lost-table.ts";
import { nextLines } from "./next-text.ts";
import { otherTotals, totalsTable } from "./totals-table.ts";

/** What the monitor knows of duties now: this is `slotkeeper duties --json`. */
export interface DutiesReport {
  now: DutiesNow;
  epochs: EpochsPage["epochs"];
  gaps: readonly DutyGap[];
  causes: CausesPage;
  next: NextDutiesPage;
}

const mostNext = 10;

/** How far judging came, the last epochs, what was lost and why, and what comes next. */
export function dutiesText({ now, epochs, gaps, causes, next }: DutiesReport): string {
  const lines = [now.sentence];
  if (now.state !== "off") lines.push(progressLine(now));
  if (epochs.length > 0) lines.push("", ...epochTable(epochs));
  for (const gap of gaps)
    lines.push(`GAP: epochs ${gap.fromEpoch} to ${gap.toEpoch} were not judged: ${gap.detail || gap.reason}`);
  if (causes.lost > 0) lines.push("", ...causeLines(causes));
  if (next.duties.length > 0) lines.push("", "next duties", ...nextLines(next, mostNext));
  return `${lines.join("\n")}\n`;
}

function progressLine(now: DutiesNow): string {
  const epoch = (value: number | undefined) => (value === undefined ? "none yet" : String(value));
  const cost = now.cost
    ? `; the last epoch cost ${plural(now.cost.requests, "request")}, ${bytes(now.cost.bytesReceived)}`
    : "";
  return `${plural(now.watched, "validator")} watched of ${now.network ?? "an unknown number"}; epoch ${epoch(now.currentEpoch)} runs, judged up to ${epoch(now.provisionalEpoch)} (provisional) and ${epoch(now.finalEpoch)} (final), finalized ${epoch(now.finalizedEpoch)}${cost}`;
}

const columns = [
  "epoch",
  "state",
  "ours",
  "missed",
  "uptime",
  "network",
  "head",
  "network",
  "eff. delay",
  "notes",
] as const;

function epochTable(epochs: EpochsPage["epochs"]): string[] {
  const rows = epochs.map(({ epoch, state, watched, network, caveats }) => [
    String(epoch),
    state,
    String(watched.assigned),
    String(watched.assigned - watched.included),
    percent(shareOf(watched.included, watched.assigned)),
    percent(shareOf(network.included, network.assigned)),
    percent(shareOf(watched.timelyHead, watched.assigned)),
    percent(shareOf(network.timelyHead, network.assigned)),
    mean(watched.effectiveDelaySum, watched.included),
    caveats.join(", "),
  ]);
  return textTable([columns, ...rows]);
}

function causeLines({ lost, unknownShare, causes, blastRadius }: CausesPage): string[] {
  const rows = causes.map(({ code, lost: of, validators, lostGwei }) => [
    causeShort(code),
    code,
    String(of),
    String(validators),
    gwei(lostGwei),
  ]);
  const labels = blastRadius.map((label) => {
    const name = Object.entries(label.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(" and ");
    return `  ${name}: ${label.lost} of its ${label.assigned} duties (${percent(label.share)}), ${percent(label.explains)} of all losses, ${label.lift.toFixed(1)} times everybody else's share`;
  });
  return [
    `${plural(lost, "loss").replace(/losss$/, "losses")} over the last epochs, ${percent(unknownShare)} of them with an unknown cause`,
    ...textTable([["cause", "code", "lost", "validators", "gwei"], ...rows]),
    ...(labels.length > 0 ? ["what they have in common", ...labels] : []),
  ];
}

/** One stored epoch: this is `slotkeeper duties --epoch N --json`. */
export interface EpochReport {
  epoch: EpochDetail;
  lost: ExceptionsPage["items"];
  hasMore: boolean;
}

export function epochText({ epoch: detail, lost, hasMore }: EpochReport): string {
  const { epoch, state, fork, network, caveats, cohorts } = detail;
  const ours = cohorts.find(({ key }) => key === "")?.totals ?? detail.watched ?? emptyTotals();
  const lines = [
    lost.length === 0
      ? `Epoch ${epoch}: every duty of ours was done perfectly.`
      : `Epoch ${epoch}: ${lost.length}${hasMore ? " or more" : ""} of our duties ${lost.length === 1 ? "was" : "were"} lost or not perfect.`,
    `${fork}; ${stateWords[state]}`,
    "",
    ...totalsTable([
      ["ours", ours],
      ["everybody", network],
    ]),
    ...otherTotals(ours),
  ];
  if (lost.length > 0) lines.push("", ...lostTable(lost.map((one) => ({ ...one, seat: undefined }))));
  if (hasMore) lines.push("… and more; --limit shows more of them");
  for (const code of caveats) lines.push("", caveatLine(code));
  if (lost.length > 0) lines.push("", `slotkeeper validators why ID --epoch ${epoch} explains one of them`);
  return `${lines.join("\n")}\n`;
}
