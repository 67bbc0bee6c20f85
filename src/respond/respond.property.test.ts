import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../lib/app-error.ts";
import { isOpener, streamKeyOf, type NewMessage } from "../outbox/types.ts";
import { acknowledgeBundle, acknowledgeEpisode } from "./acts/acknowledge.ts";
import {
  acknowledgeByPerson,
  declareByPerson,
  declineByPerson,
  mergeByPerson,
  resolveByPerson,
} from "./acts/incident.ts";
import { addSilence, endSilence } from "./acts/silence.ts";
import type { Draft, RespondContext } from "./draft.ts";
import type { RespondSettings } from "./settings.ts";
import { createRun, inbound, policy, settings, startAt } from "./testing/fixtures.ts";
import type { RespondState } from "./types.ts";

const names = ["a", "b", "c", "d"];
const severities = ["critical", "warning", "info"];
const throttle = { burst: 1, refillMs: 300_000 };
/** Two alerts in each group, so that one that was told can grow. */
const grouping = { ...settings.grouping, groupBy: ["group"] };
const policies = [{ ...policy, repeats: 1, acknowledgeExpiryMs: 900_000 }];
const place = { index: fc.nat(3), other: fc.nat(3), by: fc.constantFrom("ann", "bob", "eve") };
const act = fc.constantFrom(
  ...["acknowledge", "acknowledge-bundle", "take", "resolve", "decline", "declare", "merge", "silence", "unsilence"],
);
const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("alert" as const),
      name: fc.nat(3),
      severity: fc.nat(2),
      isOver: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("act" as const), act, ...place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("configure" as const), what: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("nothing" as const) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
/** Mostly forward; sometimes the clock is set back. */
const wait = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5_000 }) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 400_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -300_000, max: -1 }) },
);

test("whatever happens: what was told ends once, who has it is left alone, and nobody gets more than their share", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(wait, happening), { maxLength: 40, size: "max" }), (story) => {
      const run = createRun({ throttle, policies, grouping });
      const messages: NewMessage[] = [];
      let [at, forward, latest] = [0, 0, 0];
      const step = (toAt: number, what: Happening) => {
        forward += Math.max(0, toAt - at);
        [at, latest] = [toAt, Math.max(latest, toAt)];
        if (what.kind === "configure") run.settings = configured(what.what);
        const before = run.state();
        const said = happen(run, at, what);
        expectLeftAlone(before, run.state(), said, startAt + at);
        messages.push(...said);
      };
      for (const [waitMs, what] of story) step(at + waitMs, what);
      expectFairShare(messages, forward);
      endAll(run, (what) => step(latest + 1_000, what));
      for (let i = 0; i < 6; i++) step(latest + 400_000, { kind: "nothing" });

      expect(run.state().episodes).toEqual([]);
      expect(run.state().bundles).toEqual([]);
      expect(new Set(messages.map(({ dedupKey }) => dedupKey)).size).toBe(messages.length);
      expectEnded(messages);
    }),
    { numRuns: 150 },
  );
});

/** What is said in one step. What a person asks for may be refused: then the step happens without it. */
function happen(run: ReturnType<typeof createRun>, at: number, what: Happening): readonly NewMessage[] {
  if (what.kind === "alert") {
    const [name, severity] = [names[what.name] ?? "a", severities[what.severity] ?? "info"];
    const alert = { severity, status: what.isOver ? "resolved" : "firing", labels: { group: `g${what.name % 2}` } };
    return run.step(at, { inbound: inbound(name, alert, at) }).commit.messages;
  }
  if (what.kind !== "act") return run.step(at).commit.messages;
  try {
    return run.step(at, {}, (draft, context) => acted(draft, context, what)).commit.messages;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return run.step(at).commit.messages;
  }
}

function acted(
  draft: Draft,
  context: RespondContext,
  { act: verb, index, other, by }: Extract<Happening, { kind: "act" }>,
): void {
  const { episodes, incidents, bundles, silences } = draft.state;
  const reference = incidents[index]?.reference ?? "none";
  const verbs: Record<string, () => void> = {
    acknowledge: () => acknowledgeEpisode(draft, context, episodes[index]?.id ?? "none", by),
    "acknowledge-bundle": () => acknowledgeBundle(draft, context, bundles[0]?.id ?? "none", by),
    take: () => acknowledgeByPerson(draft, context, reference, by),
    resolve: () => resolveByPerson(draft, context, reference, { summary: "mended", by }),
    decline: () => declineByPerson(draft, context, reference, { reason: "no", by }),
    declare: () => void declareByPerson(draft, context, { title: "by hand", by, page: "primary" }),
    merge: () => mergeByPerson(draft, context, reference, incidents[other]?.reference ?? "none", by),
    silence: () => addSilence(draft, context, silenceOf(index, context.now, by)),
    unsilence: () => endSilence(draft, context, silences[0]?.id ?? "none"),
  };
  verbs[verb]?.();
}

function silenceOf(index: number, now: number, by: string) {
  const matchers = [{ name: "group", op: "=" as const, value: `g${index % 2}` }];
  return { id: `s${now}`, matchers, startsAt: now, endsAt: now + 600_000, createdBy: by, comment: "known" };
}

/** People, policies and routes come and go. */
function configured(what: number): RespondSettings {
  const whole = { ...settings, throttle, policies, grouping };
  if (what === 1) return { ...whole, people: settings.people.filter(({ name }) => name !== "ann") };
  if (what === 2) return { ...whole, routes: [] };
  if (what === 3) return { ...whole, policies: [], fallbacks: [] };
  return whole;
}

/** Nobody is paged for what somebody has, until that runs out, or until they closed its incident and it fired on all the same. */
function expectLeftAlone(before: RespondState, after: RespondState, said: readonly NewMessage[], now: number): void {
  const startOf = new Map(after.episodes.map(({ id, escalation }) => [id, escalation?.startedAt]));
  for (const { id, escalation } of before.episodes) {
    if (escalation?.kind !== "acknowledged" || (escalation.dueAt ?? Infinity) <= now) continue;
    if (startOf.get(id) !== escalation.startedAt) continue;
    expect(said.filter(({ kind, dedupKey }) => kind === "page" && dedupKey.startsWith(`${id} `))).toEqual([]);
  }
}

/** A burst, and then one page or bundle for each time that passed. */
function expectFairShare(messages: readonly NewMessage[], forwardMs: number): void {
  const pages = Map.groupBy(
    messages.filter(({ kind }) => kind === "page"),
    ({ recipient }) => recipient,
  );
  for (const list of pages.values())
    expect(list.length).toBeLessThanOrEqual(throttle.burst + 1 + forwardMs / throttle.refillMs);
}

function endAll(run: ReturnType<typeof createRun>, step: (what: Happening) => void): void {
  for (const name of names.keys()) step({ kind: "alert", name, severity: 0, isOver: true });
  for (let i = run.state().incidents.length; i > 0; i--)
    step({ kind: "act", act: "resolve", index: 0, other: 0, by: "ann" });
}

function expectEnded(messages: readonly NewMessage[]): void {
  const streams = Map.groupBy(messages, (message) => streamKeyOf(message.recipient, message, message.groupKey));
  for (const [stream, said] of streams) {
    let isTold = false;
    for (const { kind } of said) {
      if (kind === "resolve") expect({ stream, isTold }).toEqual({ stream, isTold: true });
      isTold = kind === "resolve" ? false : isTold || isOpener(kind);
    }
    expect({ stream, isTold }).toEqual({ stream, isTold: false });
  }
}
