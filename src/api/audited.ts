import type { AuditRecord } from "../access/audit.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { ApiPorts } from "./ports.ts";

/** One thing that somebody asks for. */
export interface Asked {
  /** "node.cordon". */
  action: string;
  /** "gateway/group/node". */
  target: string;
  /** For the message when nothing came of it: "bn1". */
  name: string;
  /** Who asks: "alice from 127.0.0.1". */
  actor: string;
}

/** What was done, in words: these are answered and recorded. */
export interface Done {
  done: string;
}

/** `made` names what came of it ("INC-17"), for the record. */
export type AuditedChange = <T extends Done>(
  asked: Asked,
  act: (by: string) => Promise<T>,
  made?: (outcome: T) => string,
) => Promise<Recorded<T>>;
type Recorded<T> = T & { auditId: number };

/**
 * Two audit records of each attempt: one before anything is done, without which nothing is done, and one with the outcome.
 * A crash in between leaves the first.
 */
export function auditedChanges(ports: ApiPorts, clock: Clock, log: Logger): AuditedChange {
  return async (asked, act, made) => {
    const { actor } = asked;
    const event = { actor, action: asked.action, target: asked.target };
    const { id: askedId } = await record("asked", `nothing was done to ${asked.name}`);
    const ofAsked = `(asked in record ${askedId})`;
    let outcome;
    try {
      outcome = await act(actor);
    } catch (error) {
      await record(`failed: ${describeError(error)} ${ofAsked}`, describeError(error));
      throw error;
    }
    const what = made ? `done: ${made(outcome)}` : "done";
    const { id } = await record(`${what} ${ofAsked}`, outcome.done);
    return { ...outcome, auditId: id };

    async function record(result: string, soFar: string): Promise<AuditRecord> {
      try {
        return await ports.audit.append({ ...event, at: clock.now(), result });
      } catch (cause) {
        log.error({ ...event, result, error: describeError(cause) }, "the audit could not record this");
        throw new AppError(`${soFar}, and the audit could not record it. Look at the store's disk.`, {
          code: "audit-failed",
          cause,
        });
      }
    }
  };
}
