import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { OperatorAudit } from "./operator-audit.ts";

export interface AskedAction {
  actor: string;
  /** "node.cordoned". */
  action: string;
  /** "gateway/group/node". */
  target: string;
}

/** Runs what people ask for between two records of the gateway's audit. */
export interface AuditedActions {
  run(asked: AskedAction, work: () => void): void;
  runLater<T>(asked: AskedAction, work: () => Promise<T>): Promise<T>;
}

/**
 * Who asked for what is on disk before anything is done, and without it nothing is done (`AppError` `audit-failed`); the
 * outcome follows. A crash in between leaves the first record, which the next start tells.
 */
export function createAuditedActions(audit: OperatorAudit, clock: Clock, log: Logger): AuditedActions {
  function ask(asked: AskedAction): (result: string) => void {
    const { id } = audit.append({ ...asked, at: clock.now(), result: "asked" });
    return (result) => {
      try {
        audit.append({ ...asked, at: clock.now(), result: `${result} (asked in record ${id})` });
      } catch (error) {
        // Done or refused it is all the same; that it was asked is on disk.
        log.error({ ...asked, result, error: describeError(error) }, "the audit could not record an outcome");
      }
    };
  }

  return {
    run(asked, work) {
      const ended = ask(asked);
      try {
        work();
      } catch (error) {
        ended(`failed: ${describeError(error)}`);
        throw error;
      }
      ended("done");
    },
    async runLater(asked, work) {
      const ended = ask(asked);
      try {
        const result = await work();
        ended("done");
        return result;
      } catch (error) {
        ended(`failed: ${describeError(error)}`);
        throw error;
      }
    },
  };
}
