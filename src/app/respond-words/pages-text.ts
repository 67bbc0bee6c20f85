import type { PagesPage, PageTrace, ShownPage, TestPageAnswer } from "../../api/contract-oncall.ts";
import { outboxReasons } from "../../outbox/reasons.ts";
import { cleanLine } from "../../lib/clean-text.ts";
import { duration } from "../../lib/amounts.ts";
import { plural } from "../duty-words/amounts.ts";
import { textTable } from "../text-table.ts";
import { fromNow, utc, when, type Here } from "./people-time.ts";
import { shortOf } from "./reason-words.ts";

/** Messages to people, newest first, and how many stand in which state. */
export function pagesText({ items, counts, oldestUnfinishedAt }: PagesPage, here: Here): string {
  const held = items.filter(({ state }) => state === "held").length;
  const rows = items.map((page) => [
    ...[page.id, utc(page.createdAt), page.kind, page.state, page.recipient, page.channel],
    ...[cleanLine(page.title), whyOf(page)],
  ]);
  const sums = Object.entries(counts).filter(([, count]) => count > 0);
  const lines = [
    ...(rows.length === 0
      ? ["No message fits."]
      : textTable([["id", "written", "kind", "state", "to", "by", "title", "why"], ...rows])),
    ...(sums.length === 0 ? [] : ["", sums.map(([state, count]) => `${count} ${state}`).join(", ")]),
    ...(oldestUnfinishedAt === undefined ? [] : [`the oldest that is not sent: ${when(oldestUnfinishedAt, here)}`]),
    ...(held === 0
      ? []
      : ["Held: nobody knows whether it arrived. Ask the reader, then: slotkeeper page settle ID arrived|send-again"]),
  ];
  return `${lines.join("\n")}\n`;
}

function whyOf({ state, reason, detail, errorClass, fallbackOf }: ShownPage): string {
  const words = [
    ...(fallbackOf === undefined ? [] : [`in place of ${fallbackOf}`]),
    ...(state === "sent" || reason === undefined ? [] : [shortOf(outboxReasons, reason)]),
    ...(state === "sent" || errorClass === undefined ? [] : [errorClass]),
    ...(state === "sent" || detail === undefined ? [] : [cleanLine(detail)]),
  ];
  return words.join("; ");
}

/** Test pages that were asked for: nothing is known yet of whether they arrive. */
export function testPagesText({ done, pages }: TestPageAnswer): string {
  const lines = [done, ...pages.map(({ id, person, channel }) => `  ${id}  ${person} by ${channel}`)];
  return `${lines.join("\n")}\nSee what comes of them: slotkeeper page list (or --wait next time)\n`;
}

/** What came of test pages. `undefined`: the monitor does not list it (any more). */
export function testResultsText(results: readonly TestResult[]): string {
  if (results.length === 0)
    return "NO PAGE WAS SENT: nobody is on call, or whoever is has no contact. slotkeeper oncall check\n";
  const lines = results.map(({ id, person, channel, page }) => `${person} by ${channel} (${id}): ${resultOf(page)}`);
  return `${lines.join("\n")}\n`;
}

export interface TestResult {
  id: string;
  person: string;
  channel: string;
  page: ShownPage | undefined;
}

function resultOf(page: ShownPage | undefined): string {
  if (page === undefined) return "UNKNOWN: the monitor does not list it";
  const { state, createdAt, sentAt, attempt } = page;
  const why = whyOf(page);
  switch (state) {
    case "sent":
      return `accepted by the provider${sentAt === undefined ? "" : ` after ${duration(sentAt - createdAt)}`}${attempt > 1 ? `, at try ${attempt}` : ""}`;
    case "pending":
    case "sending":
      return `NOT SENT YET, after ${plural(attempt, "try").replace("trys", "tries")}${why === "" ? "" : `: ${why}`}`;
    case "failed":
    case "dropped":
    case "held":
      return `${state.toUpperCase()}${why === "" ? "" : `: ${why}`}`;
  }
}

/** 0: every page was accepted, and there was one. */
export const testResultsStatus = (results: readonly TestResult[]): number =>
  results.length > 0 && results.every(({ page }) => page?.state === "sent") ? 0 : 1;

/** From a page back to slot and node. `base`: where the monitor's page is, for the links. */
export function traceText({ page, steps }: PageTrace, base: string, here: Here): string {
  const width = Math.max(0, ...steps.map(({ what }) => what.length));
  const why = whyOf(page);
  const lines = [
    `${cleanLine(page.title)}`,
    `page ${page.id} (${page.kind}) to ${page.recipient} by ${page.channel}: ${page.state}${why === "" ? "" : `, ${why}`}`,
    `written ${when(page.createdAt, here)}${page.sentAt === undefined ? "" : `, accepted ${duration(page.sentAt - page.createdAt)} later`}`,
    "",
    ...steps.flatMap(({ what, at, text, link }, index) => [
      `${index === 0 ? " " : "↳"} ${what.padEnd(width)}  ${cleanLine(text)}`,
      `  ${"".padEnd(width)}  ${instantSeconds(at)}, ${fromNow(at, here.now)}${link === undefined ? "" : `  ${link.startsWith("/") ? base : ""}${link}`}`,
    ]),
    ...(steps.some(({ what }) => what === "node" || what === "duty")
      ? []
      : ["", "The chain ends here: this page does not come from a duty or a node."]),
  ];
  return `${lines.join("\n")}\n`;
}

const instantSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
