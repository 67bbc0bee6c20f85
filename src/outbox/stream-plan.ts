import type { OutboxReasonCode } from "./reasons.ts";
import { isOpener, type Destination, type MessageKind, type MessageState, type OutboxMessage } from "./types.ts";

/** Where a resolve goes, and what it ends before it was ever sent. */
export interface ResolvePlan {
  /** Messages that were never attempted: they are dropped as `already-resolved`. */
  dropIds: readonly string[];
  /** The resolve is sent on the channel that it was written for. */
  isSentHere: boolean;
  /** Why not, where it is not. */
  reason: OutboxReasonCode | undefined;
  /** Where else its alarm went: it is sent there too. */
  also: readonly Fallback[];
}

export interface Fallback extends Destination {
  /** Where it goes from there. */
  fallbacks: readonly Destination[];
}

/**
 * Plans a resolve. `here`: the messages of its own stream since the last resolve; `elsewhere`: those that were written on
 * other channels because one of `here` failed, and those written for them in turn.
 */
export function planResolve(here: readonly OutboxMessage[], elsewhere: readonly OutboxMessage[]): ResolvePlan {
  const openers = here.filter(({ kind }) => isOpener(kind));
  const dropIds = openers.filter((message) => !wasTried(message) && message.state === "pending").map(({ id }) => id);
  const isSentHere = openers.some(mayBeTold);
  const also = placesOf(elsewhere.filter((message) => isOpener(message.kind) && mayBeTold(message)));
  return { dropIds, isSentHere, also, reason: isSentHere ? undefined : whyNotHere(openers, also) };
}

function whyNotHere(openers: readonly OutboxMessage[], also: readonly Fallback[]): OutboxReasonCode {
  if (also.length > 0) return "followed-fallback";
  return openers.some(({ state }) => state === "failed") ? "firing-not-delivered" : "never-told";
}

/** A fallback goes on with what was tried elsewhere: it is no longer a message that nobody tried. */
function wasTried({ attempt, fallbackOf }: OutboxMessage): boolean {
  return attempt > 0 || fallbackOf !== undefined;
}

/** The recipient knows of it, may know of it, or will. */
export function mayBeTold(message: OutboxMessage): boolean {
  switch (message.state) {
    case "sent":
    case "sending":
    case "held":
      return true;
    case "pending":
      return wasTried(message);
    case "failed":
    case "dropped":
      return message.mayHaveArrived;
  }
}

function placesOf(messages: readonly OutboxMessage[]): Fallback[] {
  const byStream = new Map(messages.map((message) => [message.streamKey, message]));
  return [...byStream.values()].map(({ channel, address, fallbacks }) => ({ channel, address, fallbacks }));
}

/** What happens around a message that failed for good. */
export interface FailurePlan {
  /** Where it and `moved` are written again, in their order; `undefined`: there is no other channel. */
  fallback: Fallback | undefined;
  /** Ids of messages that wait behind it and go with it, in their order. */
  movedIds: readonly string[];
  /** Of those, what also stays, because something was told here. */
  keptIds: readonly string[];
  /** Resolves that have nothing to end any more. */
  dropIds: readonly string[];
}

/**
 * Plans what follows `failed`. `before`: the earlier messages of its stream since the last resolve; `waiting`: the pending ones
 * behind it, in order. Only what belongs to the same episode, up to its resolve, goes along.
 */
export function planFailure(
  failed: OutboxMessage,
  before: readonly OutboxMessage[],
  waiting: readonly OutboxMessage[],
): FailurePlan {
  const next = failed.kind === "test" ? undefined : failed.fallbacks[0];
  const fallback = next && { ...next, fallbacks: failed.fallbacks.slice(1) };
  const nothing: FailurePlan = { fallback, movedIds: [], keptIds: [], dropIds: [] };
  if (!isOpener(failed.kind)) return nothing;
  const episode = untilResolve(waiting);
  const resolve = episode.find(({ kind }) => kind === "resolve");
  const isTold = failed.mayHaveArrived || before.some((message) => isOpener(message.kind) && mayBeTold(message));
  if (fallback)
    return {
      fallback,
      movedIds: episode.filter(({ kind }) => kind !== "test").map(({ id }) => id),
      keptIds: resolve && isTold ? [resolve.id] : [],
      dropIds: [],
    };
  const isStillToCome = episode.some(({ kind }) => isOpener(kind));
  return resolve && !isTold && !isStillToCome ? { ...nothing, dropIds: [resolve.id] } : nothing;
}

function untilResolve(waiting: readonly OutboxMessage[]): readonly OutboxMessage[] {
  const end = waiting.findIndex(({ kind }) => kind === "resolve");
  return end === -1 ? waiting : waiting.slice(0, end + 1);
}

/** What is claimed first: lower goes first. The first message of an alert group does not wait behind the rest of a storm. */
export function priorityOf(kind: MessageKind, isFirst: boolean): number {
  switch (kind) {
    case "page":
      return 0;
    case "firing":
      return isFirst ? 0 : 1;
    case "test":
    case "resolve":
      return 1;
    case "acknowledge":
    case "update":
      return 2;
  }
}

/** The dedup key of what is written for a fallback channel: the same failure writes it once. */
export function fallbackDedupKey(dedupKey: string, { channel, address }: Destination): string {
  return `${dedupKey}>${channel}:${address}`;
}

/** States in which nothing more happens by itself. */
export const finalStates: readonly MessageState[] = ["sent", "failed", "dropped", "held"];
