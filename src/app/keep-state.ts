import type { StateSentence } from "../api/contract.ts";
import { judgeState } from "../control/judge-state.ts";
import type { ObservedGateway } from "../control/observed-gateway.ts";

/** Judges anew, keeping the instant since which the level and reason are what they are. */
export function nextState(before: KeptState | undefined, gateways: readonly ObservedGateway[], now: number): KeptState {
  const { level, reason, sentence, next } = judgeState(gateways, now);
  const isSame = before !== undefined && before.state.level === level && before.reason === reason;
  return { reason, state: { level, sentence, next, sinceAt: isSame ? before.state.sinceAt : now } };
}

export interface KeptState {
  reason: string;
  state: StateSentence;
}
