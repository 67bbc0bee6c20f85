import type { ChainSpec } from "../../chain/types.ts";
import type { DutyPorts } from "../../api/ports-duties.ts";
import type { DutiesNow } from "../../api/contract-duties.ts";
import type { GatewayListener } from "../../control/read-rings.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import { createCauseGatherer } from "../../duties/causes/gather-causes.ts";
import { followDuties, type DutyFollower } from "../../duties/follow/follow-duties.ts";
import type { OpenDuties } from "../../duties/follow/open-duties.ts";
import type { RelayDelivery } from "../../duties/judge/judge-input.ts";
import type { DutyRetention } from "../../duties/ports.ts";
import { createCellCache } from "../../duties/read/cell-cache.ts";
import { createHttpDutySource } from "../../duties/source/create-http-duty-source.ts";
import type { HttpDutySource } from "../../duties/source/types.ts";
import type { EpochResult } from "../../duties/types.ts";
import { followFleet } from "../../fleet/follow-fleet.ts";
import { describeError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { askRelays } from "../../signals/ask-relays.ts";
import { followKeys } from "../../signals/follow-keys.ts";
import type { Store } from "../../store/store.ts";
import type { SlotkeeperConfig } from "../config.ts";
import type { ValidConfig } from "../config/load.ts";
import { createFleetIo } from "../fleet-io.ts";
import { createListeners } from "../listeners.ts";
import type { RoleParts } from "../run-role.ts";
import { addLogEvidence, type LogEvidence } from "./add-log-evidence.ts";
import { createCauseBook } from "./cause-book.ts";
import { createDutyDesk } from "./duty-desk.ts";
import { askableNodes, dutyNodes } from "./duty-nodes.ts";
import { readNetwork, type ChainNetwork } from "./read-network.ts";
import { retentionOf } from "./retention.ts";
import { createSlaDesk } from "./show-sla.ts";
import { showNow } from "./show-now.ts";
import { watchedFleet, type WatchedFleet } from "./watched-set.ts";

export interface WiredDuties {
  ports: DutyPorts;
  /** Hears what gateways saw: what causes are found from. */
  listener: GatewayListener;
  state(): DutiesNow;
  watched(): WatchedFleet;
  /** Epochs that are not judged yet, oldest first; empty while nothing is followed. */
  open(): readonly OpenDuties[];
  /** The newest result that was stored in this process. */
  newest(): EpochResult | undefined;
  /** Called with each result as it is stored. */
  onStored(listener: (result: EpochResult) => void): void;
  /** Hears what gateways saw, too. */
  hear(listener: GatewayListener): void;
  /** `undefined` until a node has told it. */
  chain(): ChainSpec | undefined;
  reconfigure(next: ValidConfig): void;
  stop(): Promise<void>;
}

const networkRetryMs = 2_000;
const relayDeadlineMs = 5_000;
const expirePeriodMs = 3_600_000;
/** After a pause of the monitor this many epochs are read back at most; nodes hold states for about as long. */
const maxBackfillEpochs = 450;

/**
 * The watch over duties, in the order in which data flows: inventory → chain → follower → store → desk. Without validators
 * it stays off; a node that does not answer yet is waited for.
 */
export function wireDuties(
  role: RoleParts,
  {
    store,
    observed,
    evidenceFor,
  }: { store: Store; observed: () => readonly ObservedGateway[]; evidenceFor: LogEvidence },
): WiredDuties {
  const { clock, log, random } = role;
  let { config } = role.loaded;
  const stopping = new AbortController();
  const changes = createListeners<[]>();
  const stored = createListeners<[EpochResult]>();
  const heard: GatewayListener[] = [];
  const { io, close } = createFleetIo(clock);
  const onError = (error: unknown) => log.error({ error: describeError(error) }, "following the inventory failed");
  const fleet = followFleet({ config, io, clock, random, onError });
  let watched = watchedFleet(fleet.inventory(), config.customers, config.feeRecipients);
  fleet.subscribe((inventory) => {
    watched = watchedFleet(inventory, config.customers, config.feeRecipients);
    changes.tell();
  });

  let network: ChainNetwork | undefined;
  let waitsFor = "no beacon node has answered yet";
  let source: HttpDutySource | undefined;
  let follower: DutyFollower | undefined;
  let newest: EpochResult | undefined;
  let nodesInUse = "";

  const cells = createCellCache(store.duties);
  const causes = createCauseBook({
    store: store.duties,
    labelsOf: (index) => watched.byIndex.get(index)?.labels ?? {},
    indices: () => watched.indices,
  });
  const sla = createSlaDesk({ store: store.duties, now: clock.now });
  const record = (index: number) => follower?.facts.record(index);
  let gatherer = createCauseGatherer({ slotsPerEpoch: 32 });
  const statusOf = (pubkey: string) => record(watched.byKey.get(pubkey)?.index ?? -1)?.status;
  let keys: ReturnType<typeof followKeys> | undefined;

  const retention = (): DutyRetention => retentionOf(config.duties.retention, network?.timing);
  const now = (): DutiesNow =>
    showNow({
      ...{ at: clock.now(), isEnabled: config.duties.enabled, network, follow: follower?.state(), waitsFor },
      ...{ watched: watched.indices.length, retention: retention() },
    });

  /** Asks the nodes in turn until one tells its network, then follows it. */
  async function begin(): Promise<void> {
    await fleet.firstRead;
    while (!stopping.signal.aborted && !network) {
      for (const node of dutyNodes(config)) {
        const read = await readNetwork(node, clock, stopping.signal);
        if ("problem" in read) waitsFor = read.problem;
        else if (isExpected(config, read)) {
          network = read;
          break;
        } else waitsFor = `${node.name} is on another network than the configuration names`;
      }
      changes.tell();
      if (!network) await clock.sleep(networkRetryMs, stopping.signal);
    }
    if (network && !stopping.signal.aborted) await follow(network);
  }

  /** Once the chain's own epochs are known; evidence from before is read again from the gateways' rings. */
  function gather({ spec, timing }: ChainNetwork): void {
    if (keys) return;
    gatherer = createCauseGatherer({
      slotsPerEpoch: spec.slotsPerEpoch,
      chainFacts: record,
      fleetFacts: (index) => {
        const validator = watched.byIndex.get(index);
        if (!validator) return undefined;
        const { pubkey, labels } = validator;
        return { labels, key: pubkey === undefined ? undefined : keys?.stateOf(pubkey, labels["validatorClient"]) };
      },
    });
    keys = followKeys({
      ...{
        sources: () => config.validators,
        validators: () => fleet.inventory().validators,
        statusOf,
        get: io.get,
        clock,
      },
      ...{ intervalMs: spec.slotsPerEpoch * timing.spec.slotDurationMs, onError },
    });
  }

  async function follow(on: ChainNetwork): Promise<void> {
    const { chain, spec, timing } = on;
    gather(on);
    const nodes = dutyNodes(config);
    nodesInUse = JSON.stringify(nodes);
    const names = nodes.map(({ name }) => name);
    source = createHttpDutySource({
      ...{ nodes, clock, spec: chain, log },
      isReady: (name) => askableNodes(names, observed()).has(name),
    });
    follower = await followDuties({
      ...{ source, store: store.duties, spec, timing, clock, log, maxBackfillEpochs },
      watched: () => watched,
      causesOf: () =>
        addLogEvidence(
          gatherer.causeOf({ spec: chain, genesis: timing.genesis }),
          timing,
          evidenceFor,
          (index) => watched.byIndex.get(index)?.labels["validatorClient"],
        ),
      askRelays: (slot, blockHash, signal) => askConfiguredRelays(slot, blockHash, signal),
      unresolvedKeys: () => watched.unresolvedKeys,
      learn: (records) => fleet.learn(records),
      onStored(result) {
        if (!newest || result.epoch >= newest.epoch) newest = result;
        cells.put(result.epoch, result.state, result.columns);
        causes.put(result);
        gatherer.learnResult(result);
        stored.tell(result);
      },
      onChange: () => changes.tell(),
    });
  }

  /** With relays unknown nobody can be asked; with none in use nobody delivered it. */
  async function askConfiguredRelays(
    slot: number,
    blockHash: string,
    signal: AbortSignal,
  ): Promise<RelayDelivery | undefined> {
    const { relays } = config;
    return (
      relays &&
      withDeadline(clock, relayDeadlineMs, signal, (within) => askRelays(relays, slot, blockHash, io.get, within))
    );
  }

  async function unfollow(): Promise<void> {
    await follower?.stop();
    await source?.close();
    follower = undefined;
    source = undefined;
  }

  async function expire(): Promise<void> {
    const newestEpoch = network && (await store.duties.lastEpoch("live"));
    if (newestEpoch !== undefined) await store.duties.expire(newestEpoch, retention());
  }
  const cancelExpire = clock.every(expirePeriodMs, () => {
    expire().catch((error: unknown) => log.error({ error: describeError(error) }, "removing old duties failed"));
  });

  let running = config.duties.enabled ? begin() : Promise.resolve();
  running.catch((error: unknown) =>
    log.error({ error: describeError(error) }, "the watch over duties could not start"),
  );

  const ports = createDutyDesk({
    ...{ store: store.duties, cells, causes, now, record, at: clock.now, signal: stopping.signal },
    network: () => network,
    source: () => source,
    follow: () => follower?.state(),
    statuses: () => follower?.facts.statuses() ?? {},
    watched: () => watched,
    inventory: () => fleet.inventory(),
    onChange: changes.add,
    sla: () =>
      sla({
        timing: network?.timing,
        customers: config.customers,
        sizeOf: (customer) =>
          watched.cohorts.find(({ key, value }) => key === "customer" && value === customer)?.members.length ?? 0,
      }),
    keys: () => keys?.reconciliations() ?? [],
  });

  return {
    ports,
    listener: {
      status(gateway, status) {
        gatherer.status(gateway, status);
        for (const each of heard) each.status(gateway, status);
      },
      evidence(gateway, records, lost) {
        gatherer.evidence(gateway, records, lost);
        for (const each of heard) each.evidence(gateway, records, lost);
      },
      arrivals(gateway, records, hasGap) {
        gatherer.arrivals(gateway, records, hasGap);
        for (const each of heard) each.arrivals(gateway, records, hasGap);
      },
      caughtUp(gateway, status) {
        gatherer.caughtUp(gateway, status);
        for (const each of heard) each.caughtUp(gateway, status);
      },
    },
    state: now,
    watched: () => watched,
    open: () => follower?.open() ?? [],
    newest: () => newest,
    onStored: (listener) => void stored.add(listener),
    hear: (listener) => void heard.push(listener),
    chain: () => network?.chain,
    reconfigure(next) {
      const wasEnabled = config.duties.enabled;
      ({ config } = next);
      fleet.reconfigure(config);
      watched = watchedFleet(fleet.inventory(), config.customers, config.feeRecipients);
      const isChanged = config.duties.enabled !== wasEnabled || JSON.stringify(dutyNodes(config)) !== nodesInUse;
      if (isChanged)
        running = running
          .then(unfollow)
          .then(() =>
            config.duties.enabled && !stopping.signal.aborted ? (network ? follow(network) : begin()) : undefined,
          )
          .catch((error: unknown) =>
            log.error({ error: describeError(error) }, "taking over the new configuration failed"),
          );
      changes.tell();
    },
    async stop() {
      stopping.abort();
      cancelExpire();
      keys?.stop();
      fleet.stop();
      await running.catch(() => undefined);
      await unfollow();
      await close();
    },
  };
}

function isExpected({ network }: SlotkeeperConfig, { genesisValidatorsRoot }: ChainNetwork): boolean {
  return network.kind === "auto" || network.genesisValidatorsRoot === genesisValidatorsRoot;
}
