import { labelKey, trimLabels, type Labels } from "../alerts/labels.ts";
import type { Assessment } from "./assessment/types.ts";
import { revealContent, withContent } from "./content.ts";
import { momentOf, stamp } from "./instants.ts";
import { isWorse, severityOfAssessment } from "./severity.ts";
import { refusalIfOver } from "./status.ts";
import { entryOf, systemAuthor } from "./timeline.ts";
import type { Incident, IncidentContent, TimelineEntry } from "./types.ts";
import { done, type VerbResult } from "./verb-result.ts";

/**
 * Puts a new assessment in; one that is older than what is there is left out. The timeline tells of it when scope or label
 * set changed. It may raise the severity, never lower it, and its label sets replace those of the assessment before.
 */
export function withAssessment(incident: Incident, assessment: Assessment, now: number): VerbResult {
  const over = refusalIfOver(incident);
  if (over) return over;
  const before = revealContent(incident, "verb").assessment;
  if (before && assessment.at < before.at) return done(incident);
  const at = momentOf(incident, now);
  const { reference, severity } = incident;
  const entries: TimelineEntry[] = [];
  let next = withContent(incident, (content) => assessed(content, assessment));
  if (next.instants.assessedAt === undefined) next = stamp(next, at, "assessedAt");
  if (!before || before.scope !== assessment.scope || keysOf(before) !== keysOf(assessment))
    entries.push(entryOf(reference, "assessed", systemAuthor, assessment.sentence, at));
  const found = severityOfAssessment(assessment);
  if (isWorse(found, severity)) {
    next = { ...next, severity: found };
    entries.push(
      entryOf(reference, "severity", systemAuthor, `Severity ${severity} → ${found} by the assessment.`, at),
    );
  }
  return done(next, ...entries);
}

function assessed(content: IncidentContent, assessment: Assessment): IncidentContent {
  const former = new Set(labelsOf(content.assessment).map(labelKey));
  const others = content.labelSets.filter((labels) => !former.has(labelKey(labels)));
  return { ...content, assessment, labelSets: distinctLabels([...others, ...labelsOf(assessment)]) };
}

function labelsOf(assessment: Assessment | undefined): Labels[] {
  return (assessment?.cohorts ?? [])
    .map(({ labels }) => trimLabels(labels))
    .filter((set) => Object.keys(set).length > 0);
}

function keysOf(assessment: Assessment): string {
  return labelsOf(assessment).map(labelKey).join();
}

/** Each set once, in order. */
export function distinctLabels(sets: readonly Labels[]): Labels[] {
  return [...new Map(sets.map((labels) => [labelKey(labels), labels])).values()];
}
