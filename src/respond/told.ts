import type { Destination } from "../outbox/types.ts";
import { episodeOf, putEpisode, replace, type Draft } from "./draft.ts";
import type { ToldStream } from "./types.ts";

/** Remembers who is to hear how it ends. */
export function addTold(draft: Draft, id: string, stream: ToldStream): void {
  const episode = episodeOf(draft, id);
  if (!episode) return;
  const keyOf = ({ recipient, channel, address }: ToldStream) => JSON.stringify([recipient, channel, address]);
  putEpisode(draft, { ...episode, told: replace(episode.told, stream, keyOf) });
}

/** A team's place by a name that stays. */
export function teamName({ channel, address }: Destination): string {
  return address === "" ? channel : `${channel} ${address}`;
}
