import { setTimeout as sleep } from "node:timers/promises";
import type { BeaconNode, Devnet } from "../../testbed/src/devnet.ts";
import type { DutyRecorder } from "../../testbed/src/duty-recorder.ts";
import { judge, type GroupScore } from "../../testbed/src/judge.ts";
import { failedRequests, switchMs } from "../../test/support/shim.ts";
import { untilSlot } from "./round.ts";
import type { FaultPlan, Victim } from "./fault-plans.ts";
import type { Keeper } from "./systems.ts";

/** What one group lost in one round. */
export interface KeeperScore {
  keeper: Keeper;
  chain: GroupScore;
  failedRequests: number;
  switchMs: number;
  /** The first few failed requests, for the reader of the log. */
  problems: readonly string[];
  /** What the client got meanwhile, by slot. */
  requestsIn(slot: number): readonly string[];
}

export interface RoundResult {
  plan: FaultPlan;
  victim: string;
  /** The control missed something: the round says nothing about anybody. */
  isVoid: boolean;
  scores: readonly KeeperScore[];
}

const faultSlots = 5;

/**
 * Plays one fault at a random moment of a slot, for five to six slots, and resolves when it is over and two more slots have
 * passed; the verdict of the chain follows by itself when inclusion has ended.
 */
export async function playRound(
  devnet: Devnet,
  plan: FaultPlan,
  victim: Victim,
  keepers: readonly Keeper[],
  judgeNode: BeaconNode,
  recorder: DutyRecorder,
): Promise<{ result: Promise<RoundResult> }> {
  const fromSlot = devnet.currentSlot() + 1;
  await sleep(devnet.slotStartMs(fromSlot) + Math.random() * devnet.slotDurationMs - Date.now());
  await plan.begin(victim);
  const failedAt = Date.now();
  await sleep((faultSlots + Math.random()) * devnet.slotDurationMs);
  await plan.end(victim);
  const toSlot = devnet.currentSlot() + 2;
  await untilSlot(devnet, toSlot + 1);
  const requests = keepers.map((keeper) => requestsOf(keeper, failedAt, devnet));

  async function judged(): Promise<RoundResult> {
    await untilSlot(devnet, toSlot + devnet.slotsPerEpoch + 2);
    const groups = Object.fromEntries(keepers.map(({ indices }, index) => [String(index), indices]));
    const report = await judge({ url: judgeNode.url, fromSlot, toSlot, duties: recorder.record, groups });
    const scores = keepers.map((keeper, index): KeeperScore => {
      const chain = report.groups[String(index)];
      const seen = requests[index];
      if (!chain || !seen) throw new Error(`no score for ${keeper.system}`);
      return { keeper, chain, ...seen };
    });
    const isVoid = scores.some(({ keeper, chain }) => keeper.system === "control" && lost(chain) > 0);
    return { plan, victim: victim.node.name, isVoid, scores };
  }
  return { result: judged() };
}

export const lost = ({ attestations, sync, proposals }: GroupScore): number =>
  attestations.missed + sync.missed + proposals.missed;

function requestsOf({ shims }: Keeper, failedAt: number, devnet: Devnet) {
  const { slotDurationMs } = devnet;
  const all = shims.flatMap((shim) => shim.seen);
  const seen = all.filter(({ endedAt }) => endedAt >= failedAt);
  const failed = failedRequests(seen);
  return {
    failedRequests: failed.length,
    switchMs: Math.round(switchMs(seen, failedAt, failedAt + 2 * slotDurationMs)),
    requestsIn: (slot: number) =>
      all
        .map((one) => ({ ...one, offset: one.startedAt - devnet.slotStartMs(slot) }))
        .filter(({ offset }) => offset >= 0 && offset < slotDurationMs)
        .map((one) => `+${one.offset} ms, ${one.endedAt - one.startedAt} ms: ${one.route} ${one.status} ${one.given}`),
    problems: failed.slice(0, 5).map(({ route, status, problem }) => `${route} → ${status} ${problem}`),
  };
}
