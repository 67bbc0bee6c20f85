import type { ReasonText } from "../lib/reason.ts";
import { drip } from "./kinds/drip.ts";
import { elOffline } from "./kinds/el-offline.ts";
import { frozenStream } from "./kinds/frozen-stream.ts";
import { garbage } from "./kinds/garbage.ts";
import { hang } from "./kinds/hang.ts";
import { notReady206 } from "./kinds/not-ready-206.ts";
import { refuse } from "./kinds/refuse.ts";
import { reset } from "./kinds/reset.ts";
import { staleHead } from "./kinds/stale-head.ts";
import { status5xx } from "./kinds/status-5xx.ts";
import { wrongFork } from "./kinds/wrong-fork.ts";
import type { ActiveFault, Fault, FaultKind, FaultKindDefinition, FaultStart } from "./types.ts";

/** Every kind of fault. One more is one file in `kinds/`, one line here, and its settings in `types.ts`. */
const faultRegistry: Readonly<{ [K in FaultKind]: FaultKindDefinition<K> }> = {
  refuse,
  reset,
  hang,
  drip,
  "status-5xx": status5xx,
  "not-ready-206": notReady206,
  "stale-head": staleHead,
  "wrong-fork": wrongFork,
  "el-offline": elOffline,
  "frozen-stream": frozenStream,
  garbage,
};

export const faultKinds = Object.keys(faultRegistry) as readonly FaultKind[];

/** What each kind shows, for docs, pages and the command line. */
export const faultTexts: Readonly<Record<FaultKind, ReasonText>> = Object.fromEntries(
  faultKinds.map((kind) => [kind, faultRegistry[kind].text]),
) as Record<FaultKind, ReasonText>;

/** Is this text the name of a kind? */
export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultRegistry, text);
}

/** Begins a fault; rejects when the kind has to read the target first and cannot. */
export async function startFault(fault: Fault, start: FaultStart): Promise<ActiveFault> {
  const definition = faultRegistry[fault.kind] as FaultKindDefinition<FaultKind>;
  return definition.start(fault, start);
}
