import type { Cancel, Clock } from "../lib/clock.ts";
import { withDeadline } from "../lib/deadline.ts";
import { readKeymanager } from "../fleet/sources/read-keymanager.ts";
import { readWeb3signer } from "../fleet/sources/read-web3signer.ts";
import type { HttpGet } from "../fleet/sources/source-io.ts";
import type { FleetValidator } from "../fleet/validator.ts";
import type { ValidatorSource } from "../fleet/validator-sources.ts";
import type { KeyReconciliation } from "./key-reconciliation.ts";
import { readKeyCount } from "./read-key-count.ts";
import { reconcileKeys, type KeyPlace, type StatusOf } from "./reconcile-keys.ts";

export interface FollowKeysOptions {
  /** The sources in force; asked anew for each check. */
  sources: () => readonly ValidatorSource[];
  validators: () => readonly FleetValidator[];
  statusOf: StatusOf;
  get: HttpGet;
  clock: Clock;
  /** One epoch. */
  intervalMs: number;
  onError: (error: unknown) => void;
}

export interface KeyState {
  state: "loaded" | "missing" | "doubled";
  place: string;
  /** When the client was asked, ms since 1970. */
  at: number;
}

export interface KeyFollower {
  /** As of the last check, against the inventory of now. */
  reconciliations(): readonly KeyReconciliation[];
  /** Where a key should be by its label `validatorClient`, and what that client said last; `undefined`: nobody told. */
  stateOf(pubkey: string, validatorClient: string | undefined): KeyState | undefined;
  /** Asks every place now. One check runs at a time; a second caller gets the one that runs. */
  check(): Promise<void>;
  stop(): void;
}

const deadlineMs = 30_000;

/** Asks validator clients and signers which keys they hold, at each interval, beginning now. */
export function followKeys(options: FollowKeysOptions): KeyFollower {
  const { clock } = options;
  const stopped = new AbortController();
  let places: readonly KeyPlace[] = [];
  let running: Promise<void> | undefined;

  async function checkOnce(): Promise<void> {
    const found = await withDeadline(clock, deadlineMs, stopped.signal, (signal) =>
      Promise.all(options.sources().map((source) => askPlaces(source, options, signal))),
    );
    if (!stopped.signal.aborted) places = found.flat();
  }

  function check(): Promise<void> {
    running ??= checkOnce().finally(() => (running = undefined));
    return running;
  }

  const checkByItself = (): void => {
    check().catch(options.onError);
  };
  checkByItself();
  const stopTimer: Cancel = clock.every(options.intervalMs, checkByItself);

  return {
    reconciliations: () => reconcileKeys(options.validators(), places, options.statusOf),
    stateOf: (pubkey, validatorClient) => keyState(places, pubkey, validatorClient),
    check,
    stop() {
      stopped.abort();
      stopTimer();
    },
  };
}

function keyState(
  places: readonly KeyPlace[],
  pubkey: string,
  validatorClient: string | undefined,
): KeyState | undefined {
  const clients = places.filter(({ kind, keys }) => kind === "validator-client" && keys !== undefined);
  const holders = clients.filter(({ keys }) => keys?.has(pubkey));
  const own = clients.find(({ place }) => place === validatorClient) ?? holders[0];
  if (own?.checkedAt === undefined) return undefined;
  const state = holders.length > 1 ? "doubled" : holders.includes(own) ? "loaded" : "missing";
  return { state, place: own.place, at: own.checkedAt };
}

/** What one source lets us ask: its keys where it is a client or signer, and its number of keys where metrics are named. */
async function askPlaces(
  source: ValidatorSource,
  { get, clock }: FollowKeysOptions,
  signal: AbortSignal,
): Promise<KeyPlace[]> {
  const [listed, counted] = await Promise.all([
    source.kind === "keymanager"
      ? readKeymanager(source, get, signal)
      : source.kind === "web3signer"
        ? readWeb3signer(source, get, signal)
        : undefined,
    source.metrics === undefined ? undefined : readKeyCount(source.name, source.metrics, get, signal),
  ]);
  const base = { source: source.name, checkedAt: clock.now(), keys: undefined, count: undefined };
  const kind = source.kind === "web3signer" ? "signer" : "validator-client";
  const place = source.labels[kind === "signer" ? "signer" : "validatorClient"] ?? source.name;
  const places: KeyPlace[] = [];
  if (listed?.ok) {
    const keys = new Map(listed.validators.map(({ pubkey, held }) => [pubkey ?? "", held ?? "local"] as const));
    places.push({ ...base, kind, place, keys });
  } else if (listed) places.push({ ...base, kind, place, error: listed.error });
  if (!counted) return places;
  const client = source.labels["validatorClient"];
  const counts: KeyPlace = {
    ...base,
    kind: "validator-client",
    place: client ?? source.name,
    // A file of one client's keys is itself the expectation; a client's own listing is none.
    source: listed ? source.name : undefined,
    ...(client === undefined && !listed && { listedBy: source.name }),
  };
  return [...places, counted.ok ? { ...counts, count: counted.keys } : { ...counts, error: counted.error }];
}
