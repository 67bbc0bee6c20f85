import { setTimeout as sleep } from "node:timers/promises";
import { createControlClient } from "../../src/control/client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { startDevnet } from "../../testbed/src/devnet.ts";
import { startDutyRecorder } from "../../testbed/src/duty-recorder.ts";
import { waitForSynced } from "../../testbed/src/wait.ts";
import { startUnderTest } from "../../test/support/slotkeeper.ts";
import { round as rounded } from "../lib/statistics.ts";
import { playRound, untilSlot, type Groups, type RoundScore } from "./round.ts";
import { failedRequests, startShim, switchMs, type Shim } from "../../test/support/shim.ts";

/** 64 validators behind Slotkeeper; the same client with its own fallback list; and a control on a node nobody touches. */
const groups: Groups = {
  slotkeeper: { first: 0, last: 63 },
  fallback: { first: 64, last: 95 },
  control: { first: 96, last: 127 },
};

interface Totals {
  expected: number;
  missed: number;
  expectedSync: number;
  missedSync: number;
  missedProposals: number;
  late: number;
  wrongHead: number;
  failedRequests: number;
  switchMsMax: number;
}

/** Plays `rounds` failures of the node that serves, and counts on chain and at a shim before the client what was lost. */
export async function runFailover(fault: "kill" | "freeze", rounds: number): Promise<Record<string, unknown>> {
  const devnet = await startDevnet({ validators: 128, genesisDelaySeconds: 12 });
  const shims: Shim[] = [];
  try {
    const [bn1, bn2, bn3] = [devnet.node("bn1"), devnet.node("bn2"), devnet.node("bn3")];
    const slotkeeper = await startUnderTest("gateway", [
      { ...pick(bn1), priority: 0 },
      { ...pick(bn2), priority: 1 },
    ]);
    try {
      const control = createControlClient({ kind: "socket", path: slotkeeper.controlSocket }, systemClock);
      const shim = await startShim(slotkeeper.gatewayUrl);
      const fallbackShims = [await startShim(bn1.url), await startShim(bn2.url)];
      shims.push(shim, ...fallbackShims);
      startClient("slotkeeper", [shim.url]);
      startClient(
        "fallback",
        fallbackShims.map(({ url }) => url),
      );
      startClient("control", [bn3.url]);
      const recorder = await startDutyRecorder(bn3.url);
      // Sync duties and aggregates need an epoch to settle after genesis.
      await untilSlot(devnet, 2 * devnet.slotsPerEpoch);
      const totals: Record<string, Totals> = {};
      for (let number = 1; number <= rounds; number++) {
        await untilServing(control, "bn1");
        const score = await playRound(devnet, bn3, recorder, groups, bn1, fault);
        addRound(totals, score, { slotkeeper: [shim], fallback: fallbackShims }, devnet.slotDurationMs);
        console.log(`round ${number}: ${describe(score, shim)}`);
        await waitForSynced(devnet, bn1, { timeoutMs: 120_000 });
        // The client's own fallback goes back to its first node only when that one has been well for a while.
        await untilSlot(devnet, devnet.currentSlot() + devnet.slotsPerEpoch);
      }
      await recorder.stop();
      const own = totals["slotkeeper"];
      const untouched = totals["control"];
      return {
        rounds,
        missed: own ? own.missed + own.missedSync + own.missedProposals : undefined,
        failedRequests: own?.failedRequests,
        switchMsMax: own?.switchMsMax,
        controlMissed: untouched ? untouched.missed + untouched.missedSync + untouched.missedProposals : undefined,
        systems: totals,
      };
    } finally {
      await slotkeeper.stop();
    }
  } finally {
    for (const shim of shims) await shim.stop();
    await devnet.stop();
  }

  function startClient(name: keyof typeof groups & string, beaconNodeUrls: string[]): void {
    const range = groups[name];
    if (range) devnet.startValidatorClient({ name, firstIndex: range.first, lastIndex: range.last, beaconNodeUrls });
  }
}

const pick = ({ name, url }: { name: string; url: string }) => ({ name, url });

async function untilServing(control: ReturnType<typeof createControlClient>, node: string): Promise<void> {
  for (const end = performance.now() + 180_000; performance.now() < end; await sleep(500)) {
    const status = await control.status();
    if (status.groups[0]?.view.ready[0] === node) return;
  }
  throw new Error(`${node} is not the serving node after 3 minutes`);
}

function addRound(
  totals: Record<string, Totals>,
  { groups: scores, failedAt }: RoundScore,
  shims: Readonly<Record<string, readonly Shim[]>>,
  slotDurationMs: number,
): void {
  for (const [name, score] of Object.entries(scores)) {
    const total = (totals[name] ??= {
      expected: 0,
      missed: 0,
      expectedSync: 0,
      missedSync: 0,
      missedProposals: 0,
      late: 0,
      wrongHead: 0,
      failedRequests: 0,
      switchMsMax: 0,
    });
    total.expected += score.attestations.expected;
    total.missed += score.attestations.missed;
    total.expectedSync += score.sync.expected;
    total.missedSync += score.sync.missed;
    total.missedProposals += score.proposals.missed;
    total.late += score.attestations.late;
    total.wrongHead += score.attestations.wrongHead;
    const seen = (shims[name] ?? []).flatMap((shim) => shim.seen).filter(({ endedAt }) => endedAt >= failedAt);
    total.failedRequests += failedRequests(seen).length;
    total.switchMsMax = Math.max(
      total.switchMsMax,
      rounded(switchMs(seen, failedAt, failedAt + 2 * slotDurationMs), 0),
    );
  }
}

function describe({ groups: scores, failedAt }: RoundScore, shim: Shim): string {
  const parts = Object.entries(scores).map(
    ([name, { attestations, sync, proposals }]) =>
      `${name} ${attestations.missed}/${attestations.expected} attestations, ${sync.missed}/${sync.expected} sync, ${proposals.missed}/${proposals.expected} blocks missed`,
  );
  const failed = failedRequests(shim.seen).filter(({ endedAt }) => endedAt >= failedAt);
  const problems = failed.slice(0, 5).map(({ route, status, problem }) => `${route} → ${status} ${problem}`);
  return [parts.join("; "), ...problems].join("\n    ");
}
