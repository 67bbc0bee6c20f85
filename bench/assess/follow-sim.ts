import { parseChainSpec } from "../../src/chain/chain-spec.ts";
import type { ChainTiming } from "../../src/chain/slot-clock.ts";
import { followDuties } from "../../src/duties/follow/follow-duties.ts";
import { dutySpecOf } from "../../src/duties/judge/duty-spec.ts";
import { createHttpDutySource } from "../../src/duties/source/create-http-duty-source.ts";
import type { EpochResult } from "../../src/duties/types.ts";
import { createCauseBook } from "../../src/app/duties/cause-book.ts";
import type { ChainNetwork } from "../../src/app/duties/read-network.ts";
import { createSlaDesk } from "../../src/app/duties/show-sla.ts";
import { showNow } from "../../src/app/duties/show-now.ts";
import { watchedFleet } from "../../src/app/duties/watched-set.ts";
import type { AssessmentParts } from "../../src/app/respond/gather-assessment.ts";
import type { Customer, FleetValidator } from "../../src/fleet/validator.ts";
import { systemClock, type Clock } from "../../src/lib/clock.ts";
import type { createFakeClock } from "../../src/lib/fake-clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import type { SimChain } from "../../src/sim/chain/types.ts";
import type { Store } from "../../src/store/store.ts";

export interface SimWatch {
  duties: AssessmentParts["duties"];
  timing: ChainTiming;
  /** Everything that was stored, in order. */
  results: readonly EpochResult[];
  /** Moves the clock there, and waits until all that is due is done. */
  advanceTo(at: number): Promise<void>;
  stop(): Promise<void>;
}

const retention = { columnEpochs: 900, exceptionEpochs: 900, cohortEpochs: 900, dailyCohortDays: 9, epochsPerDay: 225 };

/** The monitor's own watch over duties on one simulated node, with a clock that stands still in between. */
export async function followSim(parts: {
  url: string;
  chain: SimChain;
  time: ReturnType<typeof createFakeClock>;
  store: Store;
  validators: readonly FleetValidator[];
}): Promise<SimWatch> {
  const { url, chain, time, store, validators } = parts;
  const raw = (await (await fetch(`${url}/eth/v1/config/spec`)).json()) as { data: unknown };
  const parsed = parseChainSpec(raw.data);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const customers = [...new Set(validators.flatMap(({ labels }) => labels["customer"] ?? []))].map(
    (name): Customer => ({ name, uptimeTarget: 99, feeRecipients: [], relays: "any" }),
  );
  const inventory = { revision: 1, validators, conflicts: [], sources: [], findings: [] };
  const watched = watchedFleet(inventory, customers, []);
  const timing: ChainTiming = { spec: parsed.spec, genesis: { genesisTimeMs: chain.genesisTimeMs } };
  const { genesisValidatorsRoot } = chain;
  const spec = dutySpecOf(raw.data);
  const network: ChainNetwork = { chain: parsed.spec, spec, timing, genesisValidatorsRoot };
  const source = createHttpDutySource({
    nodes: [{ name: "judge", url }],
    clock: systemClock,
    spec: parsed.spec,
    log: silentLogger,
  });
  const results: EpochResult[] = [];
  const causes = createCauseBook({
    ...{
      store: store.duties,
      labelsOf: (index) => watched.byIndex.get(index)?.labels ?? {},
      indices: () => watched.indices,
    },
  });
  let onIdle: (() => void) | undefined;
  // The follower sets its timer when a slot's work is done.
  const clock: Clock = {
    ...time,
    after(delayMs, run) {
      onIdle?.();
      return time.after(delayMs, run);
    },
  };
  const idle = () => new Promise<void>((resolve) => (onIdle = resolve));
  const started = idle();
  const follower = await followDuties({
    ...{ source, store: store.duties, spec, timing, clock, log: silentLogger, maxBackfillEpochs: 32 },
    ...{ watched: () => watched, unresolvedKeys: () => [], learn: () => undefined, onChange: () => undefined },
    causesOf: () => () => ({ code: "unknown", confidence: "possible", evidence: [] }),
    onStored(result) {
      results.push(result);
      causes.put(result);
    },
  });
  await started;
  const sla = createSlaDesk({ store: store.duties, now: clock.now });
  const size = (customer: string) =>
    watched.cohorts.find(({ key, value }) => key === "customer" && value === customer)?.members.length ?? 0;
  return {
    ...{ timing, results },
    duties: {
      watched: () => watched,
      open: () => follower.open(),
      state: () =>
        showNow({
          ...{ at: clock.now(), isEnabled: true, network, follow: follower.state(), waitsFor: "" },
          ...{ watched: watched.indices.length, retention },
        }),
      ports: {
        sla: () => sla({ timing, customers, sizeOf: size }),
        causes: ({ from = 0, to = 0 }) => causes.page(from, to),
      },
    },
    async advanceTo(at) {
      const done = idle();
      await time.advance(at - time.now());
      await done;
    },
    async stop() {
      await follower.stop();
      await source.close();
    },
  };
}
