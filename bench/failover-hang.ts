import { runFailover } from "./failover/run.ts";

/** The serving node is stopped with its sockets open, in the middle of a slot. */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  return runFailover("freeze", isQuick ? 1 : 5);
}
