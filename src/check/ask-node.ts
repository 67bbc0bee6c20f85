import { createBeaconClient } from "../beacon/beacon-client.ts";
import type { BeaconRoute } from "../beacon/route.ts";
import { beaconRoutes as routes } from "../beacon/routes.ts";
import { parseChainSpec } from "../chain/chain-spec.ts";
import type { ChainSpec } from "../chain/types.ts";
import type { ClockSample, Fact, NodeEvidence } from "./evidence.ts";
import { failed, factOfCall } from "./facts.ts";
import type { GatherOptions } from "./gather.ts";
import type { Target } from "./targets.ts";

/** Evidence that still fills as answers come. */
export type GrowingEvidence = { -readonly [K in keyof NodeEvidence]: NodeEvidence[K] } & {
  roots: Map<number, Fact<string | null>>;
};

/** One beacon node being asked. */
export interface AskedNode {
  evidence: GrowingEvidence;
  /** Asks everything that needs nothing from another node. Never rejects. */
  askFirst(): Promise<void>;
  /** Asks for the block root at each slot. Never rejects. */
  askRoots(slots: readonly number[]): Promise<void>;
}

/** Prepares to ask a beacon node or reference; nothing is sent before `askFirst`. */
export function askNode(target: Target, options: GatherOptions): AskedNode {
  const { clock, deadlineAt, dispatcher } = options;
  const { subject, url, headers } = target;
  const client = createBeaconClient({ url, name: subject.name, headers, clock, dispatcher });
  const evidence = emptyEvidence(target);

  async function ask<T>(route: BeaconRoute<T>, params: Record<string, string> = {}): Promise<Fact<T>> {
    const timeoutMs = Math.max(1, deadlineAt - clock.monotonic());
    const result = await client.call(route, params, { timeoutMs });
    const receivedAt = clock.now();
    if (result.ok && result.serverTimeAt !== undefined) {
      const sample = { serverAt: result.serverTimeAt, receivedAt, latencyMs: result.latencyMs };
      evidence.clock = quicker(evidence.clock, sample);
    }
    return withoutAction(factOfCall(result, receivedAt), `${route.operationId} of ${subject.name}: `);
  }

  return {
    evidence,
    async askFirst() {
      await Promise.all([
        ask(routes.getNodeVersion).then((fact) => (evidence.version = mapFact(fact, ({ version }) => version))),
        ask(routes.getSyncingStatus).then((fact) => (evidence.syncing = fact)),
        ask(routes.getPeerCount).then((fact) => (evidence.peers = mapFact(fact, ({ connected }) => connected))),
        ask(routes.getSpec).then((fact) => (evidence.spec = readSpec(fact))),
        ask(routes.getGenesis).then((fact) => (evidence.genesis = fact)),
        ask(routes.getForkSchedule).then((fact) => (evidence.forkSchedule = fact)),
        ask(routes.getBlockHeader, { block_id: "head" }).then((fact) => (evidence.head = fact)),
        ask(routes.getStateFinalityCheckpoints, { state_id: "head" }).then((fact) => (evidence.finality = fact)),
      ]);
    },
    async askRoots(slots) {
      await Promise.all(
        slots.map(async (slot) => {
          const fact = await ask(routes.getBlockRoot, { block_id: String(slot) });
          evidence.roots.set(slot, rootFact(fact, clock.now()));
        }),
      );
      const facts = [...evidence.roots.values()];
      // Providers that serve only checkpoints say 404 to every slot; that is no chain of empty slots.
      const servesNone = facts.every((fact) => fact.kind === "known" && fact.value === null);
      if (subject.kind === "reference" && servesNone) {
        for (const slot of slots) evidence.roots.set(slot, failed("status", "does not serve blocks by slot", 404));
      }
    },
  };
}

function emptyEvidence({ subject }: Target): GrowingEvidence {
  const notYet = failed("timeout", "no complete answer in time");
  return {
    ...{ subject, clock: undefined, version: notYet, syncing: notYet, peers: notYet, spec: notYet },
    ...{ genesis: notYet, forkSchedule: notYet, head: notYet, finality: notYet, roots: new Map() },
  };
}

/** The table names node and question already. */
function withoutAction<T>(fact: Fact<T>, action: string): Fact<T> {
  return fact.kind === "failed" ? { ...fact, message: fact.message.replace(action, "") } : fact;
}

function mapFact<T, U>(fact: Fact<T>, read: (value: T) => U): Fact<U> {
  return fact.kind === "known" ? { ...fact, value: read(fact.value) } : fact;
}

/** 404 is the specification's answer for a slot without a block. */
function rootFact(fact: Fact<{ root: string }>, at: number): Fact<string | null> {
  if (fact.kind === "failed" && fact.status === 404) return { kind: "known", value: null, at, latencyMs: 0 };
  return mapFact(fact, ({ root }) => root);
}

function readSpec(fact: Fact<unknown>): Fact<ChainSpec> {
  if (fact.kind === "failed") return fact;
  const parsed = parseChainSpec(fact.value);
  return parsed.ok ? { ...fact, value: parsed.spec } : failed("not-beacon", parsed.error.message);
}

/** The quickest answer tells the time best. */
function quicker(known: ClockSample | undefined, sample: ClockSample): ClockSample {
  return known && known.latencyMs <= sample.latencyMs ? known : sample;
}
