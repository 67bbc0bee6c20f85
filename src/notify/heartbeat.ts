import type { Dispatcher } from "undici";
import type { Cancel, Clock } from "../lib/clock.ts";
import { callHttp, failureOfStatus } from "./call-http.ts";
import type { SecretText } from "./channel.ts";

/** What came of one beat. `detail` holds no part of the address. */
export type BeatOutcome =
  | { kind: "sent"; at: number }
  | { kind: "failed"; at: number; detail: string }
  /** All is not well: somebody outside shall notice that nothing comes. */
  | { kind: "withheld"; at: number; why: string };

export interface HeartbeatState {
  /** Of the newest beat; `undefined` before the first one has ended. */
  last: BeatOutcome | undefined;
  /** When a beat last arrived, ms since 1970; `undefined`: none has since the start. */
  sentAt: number | undefined;
}

export interface HeartbeatOptions {
  url: SecretText;
  everyMs: number;
  clock: Clock;
  dispatcher: Dispatcher;
  /** Why a beat is to be withheld; `undefined`: all is well. What throws withholds as well. */
  isWell: () => string | undefined;
  /** After each beat: for the log and for metrics. */
  onOutcome: (outcome: BeatOutcome) => void;
}

export interface Heartbeat {
  state(): HeartbeatState;
  /** Ends it. A beat that is on its way is given up. */
  stop: Cancel;
}

/** Of one beat; it is over before the next one is due. */
const longestMs = 10_000;

/**
 * A dead-man heartbeat: a POST without a body, now and every `everyMs`, to a service that raises an alarm when it stays
 * away. A beat that fails is not repeated: the next one follows.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, everyMs } = options;
  const ended = new AbortController();
  let isUnderWay = false;
  let state: HeartbeatState = { last: undefined, sentAt: undefined };

  function beat(): void {
    // One that is late still counts; two at once would tell nothing more.
    if (isUnderWay) return;
    isUnderWay = true;
    const finish = (outcome: BeatOutcome | undefined) => {
      isUnderWay = false;
      if (!outcome || ended.signal.aborted) return;
      state = { last: outcome, sentAt: outcome.kind === "sent" ? outcome.at : state.sentAt };
      options.onOutcome(outcome);
    };
    const why = reasonToWithhold(options.isWell);
    if (why !== undefined) finish({ kind: "withheld", at: clock.now(), why });
    else void send(options, ended.signal).then(finish);
  }

  clock.soon(() => !ended.signal.aborted && beat());
  const cancel = clock.every(everyMs, beat);
  return {
    state: () => state,
    stop() {
      cancel();
      ended.abort();
    },
  };
}

function reasonToWithhold(isWell: () => string | undefined): string | undefined {
  try {
    return isWell();
  } catch (error) {
    return `its own health cannot be told: ${error instanceof Error ? error.message : "unknown error"}`;
  }
}

async function send({ url, everyMs, clock, dispatcher }: HeartbeatOptions, signal: AbortSignal): Promise<BeatOutcome> {
  const deadlineMs = Math.min(longestMs, everyMs / 2);
  const call = { method: "POST", headers: {}, body: "", deadlineMs, signal } as const;
  const answer = await callHttp(url.reveal(), call, { clock, dispatcher });
  const at = clock.now();
  if (!answer.ok) return { kind: "failed", at, detail: answer.detail };
  const failure = failureOfStatus(answer);
  return failure ? { kind: "failed", at, detail: failure.detail } : { kind: "sent", at };
}
