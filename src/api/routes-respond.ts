import type { FastifyInstance } from "fastify";
import type { Clock } from "../lib/clock.ts";
import type { AuditedChange } from "./audited.ts";
import type { RespondPorts } from "./ports-respond.ts";
import { acknowledgeRoutes } from "./routes-acknowledge.ts";
import { alertRoutes } from "./routes-alerts.ts";
import { incidentRoutes } from "./routes-incidents.ts";
import { onCallRoutes } from "./routes-oncall.ts";
import { pageRoutes } from "./routes-pages.ts";

/** Alarms, incidents, on-call and pages: all of `contract-respond.ts` but what other systems send in. */
export function respondRoutes(app: FastifyInstance, ports: RespondPorts, change: AuditedChange, clock: Clock): void {
  alertRoutes(app, ports, change);
  incidentRoutes(app, ports, change);
  onCallRoutes(app, ports, change);
  pageRoutes(app, ports, change);
  acknowledgeRoutes(app, ports, change, clock);
}
