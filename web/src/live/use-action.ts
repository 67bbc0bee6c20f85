import { useState } from "react";
import { refusedWords } from "../model/access-words.ts";
import { ApiFailure, codeOfFailure } from "./api.ts";
import { readSession } from "./session-state.ts";
import { refreshSession } from "./session.ts";
import { forgetToken, keepToken, readToken, sessionProof } from "./token.ts";

/** What came of a change: what was done, in words, and its record. */
export interface ActionAnswer {
  done: string;
  auditId?: number;
}

/** `token` is `sessionProof` where the browser's session is the proof. */
export type ActionCall = (token: string) => Promise<ActionAnswer>;

/** What was not taken as proof of who asks, and why. */
export interface Refused {
  what: "token" | "session";
  message: string;
}

/** `name` tells which of several things is asked for; nothing is shown as done before the server has said so. */
export type ActionStep<N extends string> =
  | { kind: "idle" }
  | { kind: "confirm"; name: N }
  | { kind: "token"; name: N; call: ActionCall; refused: Refused | undefined }
  | { kind: "sending"; name: N }
  | { kind: "done"; name: N; text: string }
  | { kind: "failed"; name: N; failure: ApiFailure };

export interface Action<N extends string> {
  step: ActionStep<N>;
  ask(name: N): void;
  close(): void;
  /** Sends at once, or asks for a login or the token first. */
  send(name: N, call: ActionCall): void;
  giveToken(token: string): void;
  /** Sends what waited for a login. */
  goOn(): void;
}

const proofNow = (): string | undefined => readToken() ?? (readSession().kind === "user" ? sessionProof : undefined);

/** Sends with what proves who asks; a page whose word is out of date learns the new one and tries once more. */
async function callWith(call: ActionCall, proof: string): Promise<ActionAnswer> {
  try {
    return await call(proof);
  } catch (error) {
    const isOutdated = error instanceof ApiFailure && codeOfFailure(error) === "csrf-wrong" && proof === sessionProof;
    if (!isOutdated) throw error;
    await refreshSession();
    return call(proof);
  }
}

/** One change at a time: asks first, then for a login or the token if there is neither, then says what was recorded. */
export function useAction<N extends string>(): Action<N> {
  const [step, setStep] = useState<ActionStep<N>>({ kind: "idle" });

  const send = async (name: N, call: ActionCall) => {
    const proof = proofNow();
    if (proof === undefined) return setStep({ kind: "token", name, call, refused: undefined });
    setStep({ kind: "sending", name });
    try {
      const { done, auditId } = await callWith(call, proof);
      const record = auditId === undefined ? "" : ` Audit record ${auditId}.`;
      setStep({ kind: "done", name, text: `${done.replace(/\.$/, "")}.${record}` });
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : new ApiFailure(0, String(error));
      await refused(name, call, proof, failure);
    }
  };

  const refused = async (name: N, call: ActionCall, proof: string, failure: ApiFailure) => {
    const isRoleTooLow = codeOfFailure(failure) === "role-too-low";
    // A token that may not do this is asked for anew the next time, so that another can be given.
    if (proof !== sessionProof && (failure.status === 401 || isRoleTooLow)) forgetToken();
    if (failure.status === 401) {
      if (proof === sessionProof) await refreshSession();
      const what = proof === sessionProof ? "session" : "token";
      return setStep({ kind: "token", name, call, refused: { what, message: failure.message } });
    }
    const words = isRoleTooLow ? refusedWords(failure.message, readSession(), proof !== sessionProof) : failure.message;
    setStep({ kind: "failed", name, failure: new ApiFailure(failure.status, words, { body: failure.body }) });
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
    goOn() {
      if (step.kind === "token") void send(step.name, step.call);
    },
  };
}
