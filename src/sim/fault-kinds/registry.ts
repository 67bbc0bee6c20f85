import { clockOff } from "./clock-off.ts";
import { elOffline } from "./el-offline.ts";
import { eventGarbage } from "./event-garbage.ts";
import { eventSilence } from "./event-silence.ts";
import { garbage } from "./garbage.ts";
import { hang } from "./hang.ts";
import { noEventStream } from "./no-event-stream.ts";
import { noFinality } from "./no-finality.ts";
import { oldClient } from "./old-client.ts";
import { optimistic } from "./optimistic.ts";
import { peersZero } from "./peers-zero.ts";
import { slow } from "./slow.ts";
import { split } from "./split.ts";
import { staleHead } from "./stale-head.ts";
import { status } from "./status.ts";
import { syncing } from "./syncing.ts";
import { wrongFork } from "./wrong-fork.ts";
import { wrongNetwork } from "./wrong-network.ts";
import type { ActiveSimFault, SimFault, SimFaultDefinition, SimFaultKind, SimFaultStart } from "./types.ts";

/** Every kind of fault. One more is one file here, one line here, and its settings in `types.ts`. */
const simFaultRegistry: Readonly<{ [K in SimFaultKind]: SimFaultDefinition<K> }> = {
  "stale-head": staleHead,
  "wrong-fork": wrongFork,
  split,
  syncing,
  optimistic,
  "el-offline": elOffline,
  slow,
  hang,
  status,
  "no-finality": noFinality,
  garbage,
  "wrong-network": wrongNetwork,
  "clock-off": clockOff,
  "no-event-stream": noEventStream,
  "event-garbage": eventGarbage,
  "event-silence": eventSilence,
  "peers-zero": peersZero,
  "old-client": oldClient,
};

/** Begins a fault on one node. */
export function startSimFault(fault: SimFault, start: SimFaultStart): ActiveSimFault {
  const definition = simFaultRegistry[fault.kind] as SimFaultDefinition<SimFaultKind>;
  return definition.start(fault, start);
}
