import { labelOf } from "../alerts/labels.ts";
import type { Page } from "../oncall/escalation.ts";
import type { Contact } from "../oncall/types.ts";
import { episodeOf, replace, type Draft, type RespondContext } from "./draft.ts";
import { pageEntry } from "./entries.ts";
import { bodyOf } from "./texts.ts";
import { addTold } from "./told.ts";
import type { Episode, PersonPaging } from "./types.ts";

/** A person gets a few pages at once; what is over waits for the next free place and is told in one message. */
export function pagePerson(draft: Draft, context: RespondContext, id: string, page: Page): void {
  const episode = episodeOf(draft, id);
  if (!episode) return;
  const isUrgent = episode.alerts.some(({ labels }) => labelOf(labels, "class") === "security");
  const paging = refilled(draft, context, page.person);
  if (isUrgent || (paging.tokens >= 1 && paging.waiting.length === 0)) {
    if (!isUrgent) putPaging(draft, { ...paging, tokens: paging.tokens - 1 });
    writePage(draft, context, episode, page);
    return;
  }
  const { person, round, step, at } = page;
  putPaging(draft, { ...paging, waiting: [...paging.waiting, { episode: id, round, step, at }] });
  const text = `${person} has many pages just now: this one goes with the next bundle.`;
  pageEntry(draft, episode, context.now, "page-in-bundle", text, `${round}.${step} ${person}`);
}

export function writePage(
  draft: Draft,
  context: RespondContext,
  episode: Episode,
  { person, round, step }: Pick<Page, "person" | "round" | "step">,
): void {
  const { now } = context;
  const key = `${round}.${step} ${person}`;
  const [place, ...fallbacks] = contactsOf(context, person, round);
  if (!place) return pageEntry(draft, episode, now, "page-without-place", `${person} cannot be paged.`, key);
  const url = context.linkTo({ kind: "episode", id: episode.id }, person);
  draft.messages.push({
    ...{ recipient: person, ...place, fallbacks, groupKey: episode.groupKey, kind: "page" },
    // An episode may be escalated more than once.
    dedupKey: `${episode.id} page ${episode.escalation?.startedAt ?? 0} ${key}`,
    body: bodyOf(episode, "new", context, { links: [{ label: "Acknowledge", purpose: "acknowledge", url }] }),
  });
  addTold(draft, episode.id, { recipient: person, ...place, kind: "page" });
  const again = round === 0 ? "" : ` (round ${round + 1})`;
  pageEntry(draft, episode, now, "page-written", `${person} is paged by ${place.channel}${again}.`, key);
}

/** In each round another contact of the person is first; the others, and the places of last resort, follow. */
export function contactsOf({ settings }: RespondContext, name: string, round: number): readonly Contact[] {
  const contacts = settings.people.find((each) => each.name === name)?.contacts ?? [];
  const first = contacts.length === 0 ? 0 : round % contacts.length;
  return [...contacts.slice(first), ...contacts.slice(0, first), ...settings.fallbacks];
}

/** What a person may get now. A clock that was set back takes nothing away: the time since then counts anew. */
export function refilled({ state }: Draft, { settings, now }: RespondContext, person: string): PersonPaging {
  const { burst, refillMs } = settings.throttle;
  const known = state.paging.find((each) => each.person === person);
  if (!known) return { person, tokens: burst, countedAt: now, waiting: [] };
  if (known.countedAt > now) return { ...known, countedAt: now };
  const gained = Math.floor((now - known.countedAt) / refillMs);
  if (gained === 0) return known;
  const tokens = Math.min(burst, known.tokens + gained);
  return { ...known, tokens, countedAt: tokens === burst ? now : known.countedAt + gained * refillMs };
}

export function putPaging(draft: Draft, paging: PersonPaging): void {
  draft.state.paging = replace(draft.state.paging, paging, ({ person }) => person);
}

/** Somebody with all their pages and nothing that waits needs no row. */
export function forgetPaging(draft: Draft, context: RespondContext): void {
  const { burst } = context.settings.throttle;
  const kept = draft.state.paging.filter(
    (paging) => paging.waiting.length > 0 || refilled(draft, context, paging.person).tokens < burst,
  );
  if (kept.length < draft.state.paging.length) draft.state.paging = kept;
}
