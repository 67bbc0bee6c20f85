import { defineReasons } from "../lib/reason.ts";

/** Why a message is in its state. */
export const outboxReasons = defineReasons({
  accepted: { short: "accepted", long: "The provider took the message and gave it back an answer that says so." },
  "found-at-provider": {
    short: "found there",
    long: "It was not known whether an earlier attempt arrived. The provider was asked, and had the message already: it was not sent again.",
  },
  "retry-after": {
    short: "waits as asked",
    long: "The provider said that it gets too many messages, and when to come back. The message is sent then.",
  },
  "retry-backoff": {
    short: "will be tried again",
    long: "The attempt failed in a way that may pass by itself. The next one comes after a wait that doubles each time.",
  },
  "refused-by-provider": {
    short: "refused",
    long: "The provider refused the message or Slotkeeper's credentials, so that trying again cannot help. It goes to the fallback channel if there is one. Check the channel's settings, then send a test.",
  },
  "bad-recipient": {
    short: "no such recipient",
    long: "The provider does not know the address, or does not let Slotkeeper write to it. The message goes to the fallback channel if there is one. Correct the address, then send a test.",
  },
  "attempts-used-up": {
    short: "gave up",
    long: "Every attempt that was allowed failed. The message goes to the fallback channel if there is one. Look at the channel's last errors.",
  },
  "waits-for-person": {
    short: "may have arrived",
    long: "It is not known whether the message arrived, and this channel would show it twice. A stakeholder is not told twice without a person: look there, then say that it arrived, or send it again.",
  },
  "settled-by-person": {
    short: "arrived, says a person",
    long: "It was not known whether the message arrived; a person looked and said that it did.",
  },
  "sent-again-by-person": {
    short: "sent again",
    long: "A person asked for it to be sent again, after it was held or had failed.",
  },
  "already-resolved": {
    short: "resolved before it was sent",
    long: "Before the first attempt to send it, what it tells of was over. Nobody was told of it, so nobody is told of its end.",
  },
  "never-told": {
    short: "nobody was told",
    long: "It would end something that was never sent to this recipient on this channel: nothing was written, it was dropped before its first attempt, or it was ended already.",
  },
  "firing-not-delivered": {
    short: "its alarm never arrived",
    long: "The alarm that it would end failed for good on every channel of this recipient.",
  },
  "followed-fallback": {
    short: "follows the fallback",
    long: "An earlier message of the same order failed for good on this channel, and went on to the fallback channel. This one went with it.",
  },
});

export type OutboxReasonCode = keyof typeof outboxReasons;
