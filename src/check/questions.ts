import type { Question } from "./answer.ts";
import { finality } from "./questions/finality.ts";
import { fork } from "./questions/fork.ts";
import { hostClock } from "./questions/host-clock.ts";
import { hostCpu } from "./questions/host-cpu.ts";
import { hostDisk } from "./questions/host-disk.ts";
import { hostMemory } from "./questions/host-memory.ts";
import { logs } from "./questions/logs.ts";
import { network } from "./questions/network.ts";
import { nodeClock } from "./questions/node-clock.ts";
import { nodeExecution } from "./questions/node-execution.ts";
import { nodeHead } from "./questions/node-head.ts";
import { nodeOptimistic } from "./questions/node-optimistic.ts";
import { nodePeers } from "./questions/node-peers.ts";
import { nodeSyncing } from "./questions/node-syncing.ts";
import { nodeUp } from "./questions/node-up.ts";
import { nodeVersion } from "./questions/node-version.ts";
import { vcKeys } from "./questions/vc-keys.ts";
import { vcNodes } from "./questions/vc-nodes.ts";
import { vcSlashed } from "./questions/vc-slashed.ts";
import { vcUp } from "./questions/vc-up.ts";

/** Every first-look question, in the order in which a person would ask. Adding one is a file, a line here, and its test. */
export const questions: readonly Question[] = [
  nodeUp,
  nodeVersion,
  network,
  nodeSyncing,
  nodeHead,
  nodeOptimistic,
  nodeExecution,
  nodePeers,
  nodeClock,
  fork,
  finality,
  vcUp,
  vcKeys,
  vcNodes,
  vcSlashed,
  hostCpu,
  hostMemory,
  hostDisk,
  hostClock,
  logs,
];
