import type { MessageBody, NewMessage } from "../outbox/types.ts";
import { episodeOf, type Draft, type RespondContext } from "./draft.ts";
import { pageEntry } from "./entries.ts";
import { contactsOf, putPaging, refilled, writePage } from "./page-person.ts";
import { utc } from "./texts.ts";
import type { Episode, PageBundle } from "./types.ts";

const mostListed = 20;

/** Pages that waited for a free place, in one message for each person; and bundles that are over are told so. */
export function releaseBundles(draft: Draft, context: RespondContext): void {
  for (const { person } of draft.state.paging.filter(({ waiting }) => waiting.length > 0)) {
    const paging = refilled(draft, context, person);
    const open = paging.waiting.filter(({ episode }) => isUnanswered(draft, episode));
    const [first] = open;
    if (!first) putPaging(draft, { ...paging, waiting: [] });
    else if (paging.tokens < 1) putPaging(draft, { ...paging, waiting: open });
    else {
      putPaging(draft, { ...paging, tokens: paging.tokens - 1, waiting: [] });
      const episodes = [...new Set(open.map(({ episode }) => episode))].flatMap((id) => episodeOf(draft, id) ?? []);
      const [only, ...others] = episodes;
      if (only && others.length === 0) writePage(draft, context, only, { ...first, person });
      else writeBundle(draft, context, person, episodes);
    }
  }
  endBundles(draft, context);
}

/** Is it still open, and nobody has it? */
export function isUnanswered(draft: Draft, id: string): boolean {
  const episode = episodeOf(draft, id);
  const kind = episode?.escalation?.kind;
  return episode?.endedAt === 0 && kind !== "acknowledged" && kind !== "resolved";
}

function writeBundle(draft: Draft, context: RespondContext, person: string, episodes: readonly Episode[]): void {
  const [place, ...fallbacks] = contactsOf(context, person, 0);
  const { now } = context;
  for (const episode of episodes)
    if (place) pageEntry(draft, episode, now, "bundle-written", `${person} is paged by ${place.channel}.`, person);
    else pageEntry(draft, episode, now, "page-without-place", `${person} cannot be paged.`, person);
  if (!place) return;
  const id = `bundle ${person} ${now}`;
  const ids = episodes.map((episode) => episode.id);
  const told = [{ recipient: person, ...place, kind: "page" as const }];
  draft.state.bundles = [...draft.state.bundles, { id, person, at: now, episodes: ids, told }];
  draft.messages.push({
    ...{ recipient: person, ...place, fallbacks, groupKey: id, kind: "page", dedupKey: id },
    body: bundleBody(episodes, context, context.linkTo({ kind: "bundle", id }, person)),
  });
}

function bundleBody(
  episodes: readonly Episode[],
  { now, settings: { publicUrl } }: RespondContext,
  url: string,
): MessageBody {
  const listed = episodes.slice(0, mostListed).map(({ title }) => `- ${title}`);
  const rest = episodes.length - listed.length;
  return {
    title: `${episodes.length} more alarms are waiting for you`,
    text: [...listed, ...(rest > 0 ? [`- and ${rest} more`] : []), "", `As of ${utc(now)}.`].join("\n"),
    severity: "critical",
    links: [{ label: "Acknowledge all", url, purpose: "acknowledge" }, alertsLink(publicUrl)],
  };
}

/** A bundle ends when everything in it has. */
function endBundles(draft: Draft, context: RespondContext): void {
  const isOpen = (id: string) => episodeOf(draft, id)?.endedAt === 0;
  const over = draft.state.bundles.filter(({ episodes }) => !episodes.some(isOpen));
  if (over.length === 0) return;
  draft.state.bundles = draft.state.bundles.filter((bundle) => !over.includes(bundle));
  for (const bundle of over)
    tellBundle(draft, context, bundle, "resolve", `All ${bundle.episodes.length} alarms have ended`);
}

/** The same to all who were told of a bundle. */
export function tellBundle(
  draft: Draft,
  { now, settings: { publicUrl } }: RespondContext,
  { id, told }: PageBundle,
  kind: NewMessage["kind"] & ("acknowledge" | "resolve"),
  title: string,
): void {
  for (const { kind: _, ...place } of told)
    draft.messages.push({
      ...{ ...place, groupKey: id, kind, dedupKey: `${id} ${kind} ${now}`, fallbacks: [] },
      body: { title, text: "", severity: "critical", links: [alertsLink(publicUrl)] },
    });
}

function alertsLink(publicUrl: string) {
  return { label: "Alerts", url: `${publicUrl}/alerts` };
}
