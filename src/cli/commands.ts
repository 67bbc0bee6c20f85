import type { Command } from "commander";
import { registerAlerts } from "./alerts.ts";
import { registerCheck } from "./check.ts";
import { registerConfig } from "./config.ts";
import { registerDrill } from "./drill.ts";
import { registerDuties } from "./duties.ts";
import { registerGateway } from "./gateway.ts";
import { registerIncident } from "./incident.ts";
import { registerMonitor } from "./monitor.ts";
import { registerNode } from "./node.ts";
import { registerOnCall } from "./oncall.ts";
import { registerPage, registerTrace } from "./page.ts";
import { registerStatus } from "./status.ts";
import { registerToken, registerUser } from "./user.ts";
import { registerUp } from "./up.ts";
import { registerValidators } from "./validators.ts";

/** Every command is one file that registers itself and imports its work lazily, so that `--help` stays instant. */
export const commands: readonly ((program: Command) => void)[] = [
  registerUp,
  registerGateway,
  registerMonitor,
  registerStatus,
  registerNode,
  registerDrill,
  registerDuties,
  registerValidators,
  registerAlerts,
  registerIncident,
  registerOnCall,
  registerPage,
  registerTrace,
  registerCheck,
  registerUser,
  registerToken,
  registerConfig,
];
