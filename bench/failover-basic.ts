import { runFailover } from "./failover/run.ts";

/** The serving node is killed in the middle of a slot. */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  return runFailover("kill", isQuick ? 1 : 5);
}
