import { assess } from "../../incidents/assessment/assess.ts";
import type { AssessmentInput } from "../../incidents/assessment/input.ts";
import { revealContent } from "../../incidents/content.ts";
import type { Incident } from "../../incidents/types.ts";
import { withAssessment } from "../../incidents/with-assessment.ts";
import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { changeIncident } from "../../respond/acts/incident.ts";
import type { Labels } from "../../alerts/labels.ts";
import type { RespondEngine } from "./respond-engine.ts";

export interface AssessorParts {
  engine: RespondEngine;
  gather(question: { fromAt: number; labels: Labels; now: number }): Promise<AssessmentInput>;
  /** Rises with each judged epoch. */
  judged(): number;
  clock: Clock;
  log: Logger;
}

/** Facts beside duties change all the time: an open incident is looked at so often, or when an epoch was judged. */
const againMs = 60_000;
/** After a failure. */
const retryMs = 5_000;

/** Judges open incidents: at once when they are declared, and again with each epoch. One at a time. */
export function createAssessor(parts: AssessorParts): {
  look(): void;
  assess(reference: string): Promise<void>;
  idle(): Promise<void>;
} {
  const { engine, gather, judged, clock, log } = parts;
  const looked = new Map<string, { at: number; judged: number }>();
  let running: Promise<void> = Promise.resolve();

  async function judge(incident: Incident): Promise<void> {
    const { reference, instants } = incident;
    const now = clock.now();
    const fromAt = instants.impactStartedAt ?? instants.detectedAt ?? instants.declaredAt ?? now;
    const { labelSets } = revealContent(incident, "verb");
    const input = await gather({ fromAt, labels: labelSets[0] ?? {}, now });
    const assessment = assess(input, clock.now());
    await engine.step({}, (draft, context) => {
      // It may be over by now.
      if (draft.state.incidents.some((each) => each.reference === reference))
        changeIncident(draft, context, reference, (current, at) => withAssessment(current, assessment, at));
    });
  }

  function enqueue(reference: string): Promise<void> {
    const next = running.then(async () => {
      const incident = engine.state().incidents.find((each) => each.reference === reference);
      if (incident) await judge(incident);
    });
    running = next.catch(() => undefined);
    return next;
  }

  function isDue({ reference, status }: Incident): boolean {
    const before = looked.get(reference);
    if (!before) return true;
    if (status === "monitoring") return false;
    return judged() > before.judged || clock.monotonic() - before.at >= againMs;
  }

  return {
    look() {
      const open = engine.state().incidents;
      for (const reference of looked.keys())
        if (!open.some((incident) => incident.reference === reference)) looked.delete(reference);
      for (const incident of open.filter(isDue)) {
        const { reference } = incident;
        looked.set(reference, { at: clock.monotonic(), judged: judged() });
        enqueue(reference).catch((error: unknown) => {
          looked.set(reference, { at: clock.monotonic() - againMs + retryMs, judged: judged() });
          log.error({ reference, error: describeError(error) }, "assessing an incident failed; it is tried again");
        });
      }
    },
    assess: enqueue,
    idle: () => running,
  };
}
