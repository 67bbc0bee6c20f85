import type { RespondPorts } from "../../api/ports-respond.ts";
import { AppError } from "../../lib/app-error.ts";
import { icalOf } from "../../oncall/ical.ts";
import { addOverride, removeOverride } from "../../respond/acts/override.ts";
import { acknowledgeBundle, acknowledgeEpisode, acknowledgeTest } from "../../respond/acts/acknowledge.ts";
import { sendTestPages } from "../../respond/acts/test-page.ts";
import { bookOf } from "../../respond/draft.ts";
import { openLink, type OpenedLink } from "../../respond/links.ts";
import { episodeOfRow } from "../../respond/rows.ts";
import type { Episode, PageTest } from "../../respond/types.ts";
import { personOf, type DeskParts } from "./desk-parts.ts";
import { embargoedTitle, embargoFor } from "./embargo-for.ts";
import { showOnCall } from "./oncall-views.ts";
import { showPages } from "./page-views.ts";
import { tracePage } from "./trace-page.ts";

type OnCallPorts = Pick<
  RespondPorts,
  | "onCall"
  | "addOverride"
  | "removeOverride"
  | "testPage"
  | "calendar"
  | "pages"
  | "trace"
  | "settlePage"
  | "acknowledgeView"
  | "acknowledgeByLink"
>;

const dayMs = 86_400_000;
const calendarMs = 90 * dayMs;
const mostPages = 5_000;

/** On-call, pages and links as the API serves them. */
export function onCallDesk(parts: DeskParts): OnCallPorts {
  const { engine, store, outbox, clock, settings, newId } = parts;
  const book = () => bookOf(engine.state(), settings());

  return {
    async onCall(range) {
      const pages = await outbox.find({ limit: mostPages });
      return showOnCall(range, { state: engine.state(), settings: settings(), book: book(), pages, now: clock.now() });
    },
    async addOverride(body, by) {
      const override = { ...body, id: newId(), createdBy: personOf(by) };
      await engine.step({}, (draft, context) => addOverride(draft, context, override));
      return { done: `${body.person} is on call in ${body.schedule}` };
    },
    async removeOverride(id) {
      let removed = "";
      await engine.step({}, (draft, context) => {
        removed = removeOverride(draft, context, id).person;
      });
      return { done: `the override of ${removed} is removed` };
    },
    async testPage({ person, channel }, by) {
      let tests: PageTest[] = [];
      await engine.step({}, (draft, context) => {
        tests = sendTestPages(draft, context, { person, channel, by: personOf(by), newId });
      });
      const pages = await Promise.all(
        tests.map(async (test) => {
          const [message] = await outbox.find({ limit: 1, groupKey: `test ${test.id}` });
          return { id: message?.id ?? "", person: test.person, channel: test.channel };
        }),
      );
      return {
        pages,
        done: pages.length === 1 ? "1 test page is on its way" : `${pages.length} test pages are on their way`,
      };
    },
    calendar(name) {
      const schedule = book().schedules.find((each) => each.name === name);
      const now = clock.now();
      return (
        schedule &&
        icalOf(schedule, {
          ...{ fromAt: now, toAt: now + calendarMs, changedAt: parts.scheduleChangedAt() },
          revision: Math.floor(parts.scheduleChangedAt() / 1_000),
        })
      );
    },
    pages: (query, reader) => showPages(outbox, query, embargoFor(parts, reader)),
    trace: (id, reader) =>
      tracePage(id, {
        embargo: embargoFor(parts, reader),
        message: async (wanted) => (await outbox.find({ limit: mostPages })).find((message) => message.id === wanted),
        episode: (wanted) => findEpisode(wanted),
        events: (fingerprint) => store.events({ fingerprint, limit: 100 }),
        ...{ losses: parts.losses, changes: parts.nodeChanges, settings },
      }),
    async settlePage(id, verdict) {
      const isSettled = await outbox.settle(id, verdict, await outbox.now());
      if (isSettled) return { done: verdict === "arrived" ? "the page counts as arrived" : "the page is sent again" };
      const why = "it is neither given up nor waiting for a person, or its end was told since";
      throw new AppError(`settle this page: ${why}. \`slotkeeper page list\` shows how it stands.`, {
        code: "conflict",
      });
    },
    async acknowledgeView(token) {
      const link = linkOf(token);
      const { target, person, expiresAt } = link;
      const view = { person, expiresAt, incident: undefined, acknowledgedBy: undefined };
      if (target.kind === "test") {
        const test = engine.state().tests.find(({ id }) => id === target.id);
        const state = test === undefined ? "over" : test.acknowledgedAt === undefined ? "open" : "acknowledged";
        return { ...view, title: `Test page for ${person}`, severity: "info", startsAt: test?.at ?? 0, state };
      }
      if (target.kind === "bundle") {
        const bundle = engine.state().bundles.find(({ id }) => id === target.id);
        const title = bundle ? `${bundle.episodes.length} alarms` : "Alarms that have all ended";
        const open = engine.state().episodes.filter(({ id }) => bundle?.episodes.includes(id));
        const isTaken = open.length > 0 && open.every(({ escalation }) => escalation?.kind === "acknowledged");
        const state = bundle === undefined ? "over" : isTaken ? "acknowledged" : "open";
        return { ...view, title, severity: "critical", startsAt: bundle?.at ?? 0, state };
      }
      const episode = await findEpisode(target.id);
      if (!episode) throw new AppError("find what this link is about: it is too long ago.", { code: "not-found" });
      // Whoever has the link needs no login: they read what anybody may.
      const isHidden = (await embargoFor(parts, undefined)({ dedupKey: `${episode.id} ` })) !== undefined;
      return { ...view, ...viewOf(episode), ...(isHidden && { title: embargoedTitle }) };
    },
    async acknowledgeByLink(token) {
      const { target, person } = linkOf(token);
      await engine.step({}, (draft, context) => {
        if (target.kind === "episode") acknowledgeEpisode(draft, context, target.id, person);
        else if (target.kind === "bundle") acknowledgeBundle(draft, context, target.id, person);
        else acknowledgeTest(draft, context, target.id);
      });
      return { done: target.kind === "test" ? `the test page reached ${person}` : `${person} has it` };
    },
  };

  /** Throws `not-found` for a token that is none of ours, `conflict` for an old one and for one of somebody who left. */
  function linkOf(token: string): OpenedLink {
    const link = openLink(parts.linkKey, token);
    if (!link)
      throw new AppError(
        "open this link: it is not whole, or from another installation. Copy all of it from the message.",
        {
          code: "not-found",
        },
      );
    if (!settings().people.some(({ name }) => name === link.person))
      throw new AppError(
        `acknowledge by this link: ${link.person} is not among the people of the configuration any more. Log in and acknowledge the incident.`,
        { code: "conflict" },
      );
    if (link.expiresAt > clock.now()) return link;
    throw new AppError("acknowledge by this link: it is older than a week. Log in and acknowledge the incident.", {
      code: "conflict",
    });
  }

  async function findEpisode(id: string): Promise<Episode | undefined> {
    const open = engine.state().episodes.find((episode) => episode.id === id);
    const row = open ? undefined : await store.row("episode", id);
    const episode = open ?? (row && episodeOfRow(row));
    return episode;
  }
}

function viewOf({ title, severity, incident, toldSince, escalation, endedAt }: Episode) {
  const isTaken = escalation?.kind === "acknowledged";
  const state = endedAt !== 0 ? ("over" as const) : isTaken ? ("acknowledged" as const) : ("open" as const);
  return { title, severity, incident, startsAt: toldSince, state, acknowledgedBy: isTaken ? escalation.by : undefined };
}
