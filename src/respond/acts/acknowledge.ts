import { AppError } from "../../lib/app-error.ts";
import { isUnanswered, tellBundle } from "../bundles.ts";
import { episodeOf, incidentOf, replace, type Draft, type RespondContext } from "../draft.ts";
import { personEntry } from "../entries.ts";
import { takeIncident } from "../incident-steps.ts";
import { tellEverybody } from "../notices.ts";
import { moveEscalation } from "../paging.ts";

/** A person has an episode: nobody is paged for it any more, and all who were told hear it. Twice is once. */
export function acknowledgeEpisode(draft: Draft, context: RespondContext, id: string, by: string): void {
  const { now } = context;
  const episode = episodeOf(draft, id);
  if (!episode || episode.endedAt !== 0)
    throw new AppError("acknowledge this alarm: it has ended. There is nothing left to do for it.", {
      code: "conflict",
    });
  const before = episode.escalation;
  if (!before || before.kind === "resolved")
    throw new AppError(
      "acknowledge this alarm: nobody is paged for it any more. Its incident was closed by a person.",
      {
        code: "conflict",
      },
    );
  if (before.kind === "acknowledged" && before.by === by) return;
  moveEscalation(draft, context, id, { kind: "acknowledge", at: now, by });
  tellEverybody(draft, context, episodeOf(draft, id) ?? episode, "acknowledge", "acknowledged", `${by} has it.`);
  const incident = incidentOf(draft, episode.incident);
  const isTaken = incident && takeIncident(draft, incident, by, now) !== incident;
  if (!isTaken) personEntry(draft, episode, now, "acknowledged", by, `${by} acknowledged: ${episode.title}`);
}

/** Everything of a bundle that is still open and that nobody has: what somebody has stays theirs. */
export function acknowledgeBundle(draft: Draft, context: RespondContext, id: string, by: string): void {
  const bundle = draft.state.bundles.find((each) => each.id === id);
  if (!bundle)
    throw new AppError("acknowledge these alarms: all of them have ended. There is nothing left to do for them.", {
      code: "conflict",
    });
  const open = bundle.episodes.filter((episode) => isUnanswered(draft, episode));
  if (open.length === 0) return;
  for (const episode of open) acknowledgeEpisode(draft, context, episode, by);
  tellBundle(draft, context, bundle, "acknowledge", `${by} has all that nobody had of these alarms`);
}

/** The path to a person works as far as a person's own hand. */
export function acknowledgeTest(draft: Draft, { now }: RespondContext, id: string): void {
  const test = draft.state.tests.find((each) => each.id === id);
  if (!test)
    throw new AppError("acknowledge this test page: a newer one was sent to the same place. Use that one.", {
      code: "conflict",
    });
  if (test.acknowledgedAt !== undefined) return;
  draft.state.tests = replace(draft.state.tests, { ...test, acknowledgedAt: now }, (each) => each.id);
}
