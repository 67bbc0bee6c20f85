import type {
  CallObservation,
  Health,
  Network,
  NodeEvent,
  Transition,
  UpstreamGroup,
  UpstreamStatus,
  View,
} from "../../upstream/types.ts";
import type { Clock } from "../../lib/clock.ts";

/** An upstream group in memory whose every fact a test sets by hand. */
export interface FakeUpstream extends UpstreamGroup {
  readonly observations: CallObservation[];
  readonly suspected: string[];
  setView(change: Partial<View>): void;
  setHealth(node: string, health: Health): void;
  patchStatus(node: string, change: Partial<UpstreamStatus>): void;
  setNetwork(network: Network | undefined): void;
  emit(event: NodeEvent): void;
  runGate(node: string): Promise<void>;
}

const root = (byte: string) => `0x${byte.repeat(32)}`;
const deadlines = { attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 };

/** Slots of 12 s, 32 an epoch, genesis 1,000 epochs ago. */
export function fakeNetwork(now: number): Network {
  return {
    spec: {
      configName: "test",
      presetBase: "mainnet",
      slotDurationMs: 12_000,
      slotsPerEpoch: 32,
      epochsPerSyncCommitteePeriod: 256,
      forks: [],
      deadlines,
      deadlinesGloas: deadlines,
      payloadAttestationDueBps: 7500,
    },
    genesis: {
      genesisTimeMs: now - 1_000 * 32 * 12_000,
      genesisValidatorsRoot: root("11"),
      genesisForkVersion: "0x00000000",
    },
  };
}

/** All nodes ready, in the given order, with the view on the head `0xaa…`. */
export function createFakeUpstream(clock: Clock, nodes: readonly string[]): FakeUpstream {
  let network: Network | undefined = fakeNetwork(clock.now());
  let view: View = {
    generation: 1,
    kind: "serving",
    head: { slot: 32_000, root: root("aa") },
    justified: { epoch: 999, root: root("bb") },
    finalized: { epoch: 998, root: root("cc") },
    ready: [...nodes],
    fallback: [],
    signingInputs: [...nodes],
    reason: undefined,
    changedAt: clock.now(),
  };
  const statuses = new Map<string, UpstreamStatus>(nodes.map((node, index) => [node, readyStatus(node, index)]));
  const onView = new Set<(view: View, previous: View) => void>();
  const onTransition = new Set<(transition: Transition) => void>();
  const onEvent = new Set<(event: NodeEvent) => void>();
  const observations: CallObservation[] = [];
  const suspected: string[] = [];
  let gate: ((node: string, signal: AbortSignal) => Promise<void>) | undefined;

  function listen<T>(set: Set<T>, listener: T): () => void {
    set.add(listener);
    return () => set.delete(listener);
  }

  return {
    name: "test",
    branches: () => [],
    chooseBranch: () => undefined,
    chosenBranch: () => undefined,
    repoint: () => undefined,
    observations,
    suspected,
    view: () => view,
    status: (node) => statuses.get(node),
    statuses: () => [...statuses.values()],
    network: () => network,
    report: (observation) => void observations.push(observation),
    suspect: (node) => void suspected.push(node),
    setOperatorState: () => undefined,
    onTransition: (listener) => listen(onTransition, listener),
    onView: (listener) => listen(onView, listener),
    onEvent: (listener) => listen(onEvent, listener),
    setReadmissionGate(next) {
      gate = next;
    },
    reconfigure: () => undefined,
    stop: () => Promise.resolve(),
    setView(change) {
      const previous = view;
      view = { ...view, ...change, generation: view.generation + 1 };
      for (const listener of onView) listener(view, previous);
    },
    setHealth(node, health) {
      const status = statuses.get(node) as UpstreamStatus;
      statuses.set(node, { ...status, health });
      const transition: Transition = {
        at: clock.now(),
        group: "test",
        node,
        kind: "health",
        from: status.health,
        to: health,
        reason: "in-sync",
        detail: "",
      };
      for (const listener of onTransition) listener(transition);
    },
    patchStatus(node, change) {
      statuses.set(node, { ...(statuses.get(node) as UpstreamStatus), ...change });
    },
    setNetwork(next) {
      network = next;
    },
    emit(event) {
      for (const listener of onEvent) listener(event);
    },
    runGate: (node) => gate?.(node, new AbortController().signal) ?? Promise.resolve(),
  };
}

function readyStatus(node: string, priority: number): UpstreamStatus {
  return {
    node,
    url: "",
    group: "test",
    priority,
    health: "ready",
    reason: "in-sync",
    detail: "",
    sinceAt: 0,
    operator: "active",
    head: { slot: 32_000, root: root("aa") },
    headLagSlots: 0,
    justified: undefined,
    finalized: undefined,
    isSyncing: false,
    isOptimistic: false,
    elOffline: false,
    syncDistance: 0,
    peers: 50,
    version: "Test/v1",
    clientFamily: "test/test",
    latencyMs: 1,
    isStreamOpen: true,
    headDelayMs: 0,
    lastSeenAt: 0,
    warnings: [],
    labels: {},
  };
}
