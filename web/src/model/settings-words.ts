import type { SettingsPage } from "../../../src/api/contract-respond.ts";
import type { ShownToken, ShownUser } from "../../../src/api/contract-access.ts";
import { formatCount, formatLength, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";
import { worstFirst, type ToldFact } from "./told-fact.ts";

/** Channels that people are told by, those that fail first. */
export const channelFacts = ({ channels }: SettingsPage): readonly ToldFact[] =>
  worstFirst(
    channels.map(({ name, kind, sent, failed, lastError }) => ({
      key: name,
      tone: failed > 0 ? "warn" : sent === 0 ? "unknown" : "fine",
      name,
      words: `${kind}: ${sent === 0 ? "nothing sent yet" : `${formatCount(sent)} sent`}${failed > 0 ? `, ${formatCount(failed)} failed` : ""}`,
      at: undefined,
      lines: lastError === undefined ? [] : [`Last error: ${lastError}`],
    })),
  );

/** Which alerts go where, in the order in which they are tried. */
export const routeFacts = ({ routes }: SettingsPage): readonly ToldFact[] =>
  routes.map(({ matchers, policy, tell, tellFrom }, index) => {
    const pages = policy === undefined ? "pages nobody" : `pages by ${policy}`;
    const tells = tell.length === 0 ? "tells no channel" : `tells ${tell.join(", ")} from ${tellFrom} on`;
    return {
      key: String(index),
      tone: policy === undefined && tell.length === 0 ? "warn" : "fine",
      name: matchers.length === 0 ? "Everything else" : matchers.join(" "),
      words: `${pages}; ${tells}`,
      at: undefined,
      lines: [],
    };
  });

/** The sign of life that goes out, so that a dead Slotkeeper is noticed from outside. */
export function heartbeatShown({ heartbeat }: SettingsPage, now: number): { tone: Tone; words: string } {
  if (heartbeat === undefined)
    return { tone: "warn", words: "none: if Slotkeeper dies, nobody outside notices. Set alerts.heartbeat." };
  const { url, lastSentAt, withheld } = heartbeat;
  if (withheld !== undefined) return { tone: "bad", words: `withheld from ${url}: ${withheld}` };
  if (lastSentAt === undefined) return { tone: "wait", words: `to ${url}, none sent yet` };
  return { tone: "fine", words: `to ${url}, last ${formatLength(now - lastSentAt)} ago` };
}

export const gatewayFacts = ({ gateways }: SettingsPage): readonly ToldFact[] =>
  gateways.map(({ name, isReachable }) => ({
    ...{ key: name, name, at: undefined, lines: [] },
    ...{ tone: isReachable ? "fine" : "bad", words: isReachable ? "answers" : "does not answer" },
  }));

/** "61 shipped, 2 own; off: StandbyNotReady" */
export const ruleWords = ({ rules }: SettingsPage): string =>
  `${formatCount(rules.shipped)} shipped, ${formatCount(rules.own)} own${rules.off.length === 0 ? "" : `; off: ${rules.off.join(", ")}`}`;

/** What is to be known of a user beside name and role. */
export const userWords = ({ disabledAt, passwordSetAt }: ShownUser, now: number): string =>
  `${disabledAt === undefined ? "" : `disabled ${formatLength(now - disabledAt)} ago; `}password set ${formatLength(now - passwordSetAt)} ago`;

/** Whether a token still works, until when, and when it was used last. */
export function tokenShown(
  { createdBy, expiresAt, lastUsedAt }: ShownToken,
  now: number,
): { tone: Tone; words: string } {
  const isOver = expiresAt !== undefined && now >= expiresAt;
  const until =
    expiresAt === undefined
      ? "works until it is removed"
      : isOver
        ? `over since ${formatLength(now - expiresAt)}`
        : `works for ${formatLength(expiresAt - now)} more`;
  const used = lastUsedAt === undefined ? "never used" : `last used ${formatLength(now - lastUsedAt)} ago`;
  return { tone: isOver ? "unknown" : "fine", words: `${until}; ${used}; made by ${createdBy}` };
}

/** "3 users, 1 of them disabled" */
export function usersWords(users: readonly ShownUser[]): string {
  const disabled = users.filter(({ disabledAt }) => disabledAt !== undefined).length;
  return `${plural(users.length, "user")}${disabled === 0 ? "" : `, ${disabled} of them disabled`}`;
}
