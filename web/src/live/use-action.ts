import { useState } from "react";
import type { MutationAnswer } from "../../../src/api/contract.ts";
import { ApiFailure } from "./api.ts";
import { forgetToken, keepToken, readToken } from "./token.ts";

export type ActionCall = (token: string) => Promise<MutationAnswer>;

/** `name` tells which of several things is asked for; nothing is shown as done before the server has said so. */
export type ActionStep<N extends string> =
  | { kind: "idle" }
  | { kind: "confirm"; name: N }
  | { kind: "token"; name: N; call: ActionCall; refused: string | undefined }
  | { kind: "sending"; name: N }
  | { kind: "done"; name: N; text: string }
  | { kind: "failed"; name: N; failure: ApiFailure };

export interface Action<N extends string> {
  step: ActionStep<N>;
  ask(name: N): void;
  close(): void;
  /** Sends at once, or asks for the token first. */
  send(name: N, call: ActionCall): void;
  giveToken(token: string): void;
}

/** One change at a time: asks first, then for the token if the tab has none, then says what was recorded. */
export function useAction<N extends string>(): Action<N> {
  const [step, setStep] = useState<ActionStep<N>>({ kind: "idle" });

  const send = async (name: N, call: ActionCall) => {
    const token = readToken();
    if (token === undefined) return setStep({ kind: "token", name, call, refused: undefined });
    setStep({ kind: "sending", name });
    try {
      const { done, auditId } = await call(token);
      setStep({ kind: "done", name, text: `${done.replace(/\.$/, "")}. Audit record ${auditId}.` });
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : new ApiFailure(0, String(error));
      if (failure.status !== 401) return setStep({ kind: "failed", name, failure });
      forgetToken();
      setStep({ kind: "token", name, call, refused: failure.message });
    }
  };

  return {
    step,
    ask: (name) => setStep({ kind: "confirm", name }),
    close: () => setStep({ kind: "idle" }),
    send: (name, call) => void send(name, call),
    giveToken(token) {
      if (step.kind !== "token") return;
      keepToken(token);
      void send(step.name, step.call);
    },
  };
}
