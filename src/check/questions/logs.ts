import type { LogSeverity } from "../../signals/log-signature.ts";
import { logSignaturesVersion } from "../../signals/log-signatures.ts";
import type { LogMatch, LogReading } from "../../signals/match-log.ts";
import { answer, type Answer, type Question } from "../answer.ts";
import { duration } from "../../lib/amounts.ts";
import { plural } from "../chain-view.ts";
import type { LogEvidence } from "../evidence.ts";

const id = "logs";
/** Every client writes at least a line a slot or a minute: half an hour of silence is a stopped client or an old file. */
const silentMs = 30 * 60_000;
/** A few unexplained errors an hour are the noise of the network; more deserve reading. */
const manyUnexplained = 10;

/** Are there known errors in the logs? Logs corroborate: what the Beacon API says weighs more. */
export const logs: Question = {
  id,
  title: "log",
  ask: ({ logs: files, now }) =>
    files.length === 0
      ? [answer(id, { kind: "everything", name: "logs" }, "not-asked", "not-given", "give --log FILE")]
      : files.flatMap((file) => judge(file, now)),
};

function judge({ subject, page }: LogEvidence, now: number): readonly Answer[] {
  if (page.kind === "failed")
    return [answer(id, subject, "unknown", "log-unreadable", page.message, { failure: page.failure })];
  const { reading, writtenAt } = page.value;
  const facts = {
    lines: reading.lines,
    signatures: logSignaturesVersion,
    unexplainedErrors: reading.unexplainedErrors,
  };
  if (reading.lines === 0) return [answer(id, subject, "unknown", "log-empty", "", facts)];
  if (!reading.isLog)
    return [answer(id, subject, "unknown", "log-unrecognised", `${plural(reading.lines, "line")} read`, facts)];
  const known = distinct(reading.matches)
    .filter((match) => match.recentCount > 0)
    .map((match) => ({
      ...answer(
        id,
        subject,
        match.severity,
        "log-known-error",
        `${match.signature.means} ${times(match.recentCount)}: ${match.lastLine}`,
        {
          signature: match.signature.id,
          client: match.signature.client,
          recentCount: match.recentCount,
          olderCount: match.olderCount,
          lastLine: match.lastLine,
          signatures: logSignaturesVersion,
        },
      ),
      nextStep: match.signature.todo,
    }));
  const silence = now - writtenAt;
  const old =
    silence > silentMs
      ? [answer(id, subject, "warning", "log-old", `last written ${duration(silence)} ago`, { ...facts, writtenAt })]
      : [];
  const unexplained =
    reading.unexplainedErrors >= manyUnexplained
      ? [
          answer(
            id,
            subject,
            "warning",
            "log-unexplained-errors",
            `${plural(reading.unexplainedErrors, "error line")}; newest: ${reading.lastUnexplained}`,
            facts,
          ),
        ]
      : [];
  const problems = [...known, ...old, ...unexplained];
  return problems.length > 0 ? problems : [answer(id, subject, "good", "log-clean", summary(reading), facts)];
}

type Problem = LogMatch & { severity: Exclude<LogSeverity, "harmless"> };

/** Without the harmless, and without a line that two clients write in the same words: it is one trouble, told once. */
function distinct(matches: readonly LogMatch[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const match of matches) {
    const { severity, means } = match.signature;
    const key = `${means} ${match.lastLine}`;
    if (severity !== "harmless" && !problems.has(key)) problems.set(key, { ...match, severity });
  }
  return [...problems.values()];
}

function summary(reading: LogReading): string {
  const olderCount = distinct(reading.matches).length;
  const older = olderCount > 0 ? `, ${plural(olderCount, "known error")} more than an hour old` : "";
  const harmlessCount = reading.matches
    .filter(({ signature }) => signature.severity === "harmless")
    .reduce((sum, { recentCount }) => sum + recentCount, 0);
  const harmless = harmlessCount > 0 ? `, ${plural(harmlessCount, "harmless error line")}` : "";
  const errors = reading.unexplainedErrors > 0 ? `, ${plural(reading.unexplainedErrors, "other error line")}` : "";
  return `${plural(reading.lines, "line")} read${older}${harmless}${errors}`;
}

function times(count: number): string {
  return count === 1 ? "(once)" : `(${count} times)`;
}
