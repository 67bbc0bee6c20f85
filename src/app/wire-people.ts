import { join } from "node:path";
import { openOperatorStates, type OperatorStates } from "../control/operator-states.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { createAuditedActions, type AuditedActions } from "./audited-actions.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { openOperatorAudit, type OperatorAudit } from "./operator-audit.ts";

/** What people asked of this gateway, as it lies in the data folder: it outlives a restart. */
export interface GatewayPeople {
  readonly operatorStates: OperatorStates;
  readonly audit: OperatorAudit;
  readonly audited: AuditedActions;
}

/** Opens the files. One that cannot be read is logged, and starts empty. */
export function wirePeople({ server, gateway }: SlotkeeperConfig, clock: Clock, log: Logger): GatewayPeople {
  const path = (ending: string) => join(server.dataFolder, `${gateway.name}.${ending}`);
  const operatorStates = openOperatorStates(path("operator.json"));
  if (operatorStates.warning) log.error(operatorStates.warning);
  const audit = openOperatorAudit(path("audit.jsonl"));
  if (audit.warning) log.error(audit.warning);
  reportUnfinished(audit, log);
  return { operatorStates, audit, audited: createAuditedActions(audit, clock, log) };
}

/** A crash in the middle of an action must not be the last that anybody hears of it. */
function reportUnfinished(audit: OperatorAudit, log: Logger): void {
  for (const { id, at, actor, action, target } of audit.unfinished.slice(-10))
    log.warn(
      { record: id, at: new Date(at).toISOString(), actor, action, target },
      "asked for before the last stop, and its outcome was not recorded: look whether it was done",
    );
}
