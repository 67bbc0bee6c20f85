import { alertReasons } from "../alerts/reasons.ts";
import { incidentReasons } from "../incidents/reasons.ts";
import { onCallReasons } from "../oncall/reasons.ts";
import { outboxReasons } from "../outbox/reasons.ts";
import { accessReasons } from "../access/reasons.ts";
import type { ReasonEntry } from "../api/contract.ts";
import { checkReasons } from "../check/reasons.ts";
import { stateReasons } from "../control/state-reasons.ts";
import { causeReasons } from "../duties/causes/reasons.ts";
import { drillReasons } from "../drills/reasons.ts";
import { dutyReasons } from "../duties/reasons.ts";
import { fleetReasons, inventoryReasons, sourceReasons } from "../fleet/reasons.ts";
import { gatewayReasons } from "../gateway/reasons.ts";
import type { ReasonTable } from "../lib/reason.ts";
import { respondReasons } from "../respond/reasons.ts";
import { signalReasons } from "../signals/reasons.ts";
import { slaReasons } from "../sla/reasons.ts";
import { upstreamReasons } from "../upstream/reasons.ts";
import { configReasons } from "./config/reasons.ts";

/** Every table of reasons, by area: one line per folder that decides something. */
export const reasonTables: Readonly<Record<string, ReasonTable>> = {
  upstream: upstreamReasons,
  gateway: gatewayReasons,
  state: stateReasons,
  check: checkReasons,
  access: accessReasons,
  config: configReasons,
  fleet: fleetReasons,
  inventory: inventoryReasons,
  source: sourceReasons,
  drills: drillReasons,
  cause: causeReasons,
  duties: dutyReasons,
  sla: slaReasons,
  signals: signalReasons,
  alerts: alertReasons,
  oncall: onCallReasons,
  incidents: incidentReasons,
  outbox: outboxReasons,
  respond: respondReasons,
};

export function allReasons(): ReasonEntry[] {
  return Object.entries(reasonTables).flatMap(([area, table]) =>
    Object.entries(table).map(([code, { short, long }]) => ({ area, code, short, long })),
  );
}
