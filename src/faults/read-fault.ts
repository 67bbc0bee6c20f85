import { AppError } from "../lib/app-error.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { faultKinds, isFaultKind } from "./registry.ts";

type Check = (value: unknown) => boolean;

const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

/** The settings that a kind takes, and what they may be. */
const settingsOf: Readonly<Record<FaultKind, Readonly<Record<string, Check>>>> = {
  refuse: {},
  reset: { at: oneOf("request", "body") },
  hang: {},
  drip: { bytesPerSecond: whole(1, 1_000_000), at: oneOf("head", "body") },
  "status-5xx": { status: whole(500, 599) },
  "not-ready-206": { syncDistance: whole(1, 1_000_000) },
  "stale-head": {},
  "wrong-fork": { depthSlots: whole(0, 64) },
  "el-offline": {},
  "frozen-stream": {},
  garbage: { shape: oneOf("html", "truncated", "wrong-types", "empty") },
};

/** "bytesPerSecond", as the kind's settings are named. */
export function settingNames(kind: FaultKind): readonly string[] {
  return Object.keys(settingsOf[kind]);
}

/** A fault from what somebody asked for. Throws `AppError` `fault-unknown` for a kind, or a setting of it, that is not known. */
export function readFault(kind: string, settings: Readonly<Record<string, unknown>> = {}): Fault {
  if (!isFaultKind(kind))
    throw unknown(`fault kind ${kind.slice(0, 40)} is not known; there are ${faultKinds.join(", ")}`);
  const known = settingsOf[kind];
  for (const [name, value] of Object.entries(settings)) {
    const names = Object.keys(known).join(", ") || "none";
    if (!Object.hasOwn(known, name)) throw unknown(`${kind} has no setting ${name.slice(0, 40)}; it takes: ${names}`);
    if (known[name]?.(value) !== true)
      throw unknown(`${name} of ${kind} cannot be ${JSON.stringify(value).slice(0, 40)}`);
  }
  return { ...settings, kind };
}

function unknown(problem: string): AppError {
  return new AppError(`Read the fault that was asked for: ${problem}.`, { code: "fault-unknown" });
}
