/** Answer style of one node's execution client: `error` is HTTP 500, `hang` never answers. */
export type ExecutionMode = "valid" | "syncing" | "error" | "hang";

export const executionModes: readonly ExecutionMode[] = ["valid", "syncing", "error", "hang"];

export type ClientLogLevel = "error" | "warn" | "info" | "verbose" | "debug";

export type DevnetOptions = {
  /** Beacon nodes, `bn1` to `bnN`. Default 3. */
  nodes?: number;
  /** Interop validators active from genesis. Default 64. */
  validators?: number;
  /** Whole seconds. Default 4; the README says what shorter slots cost. */
  slotDurationSeconds?: number;
  /** From the call of `startDevnet` to genesis. Default 10; a busy machine wants more. */
  genesisDelaySeconds?: number;
  /** Databases, logs and configuration. Default: a new folder in the system's temporary folder, removed at the end. */
  runFolder?: string;
  /** Keep the default run folder after `stop`, to read the logs. A folder named by `runFolder` is always kept. */
  keepRunFolder?: boolean;
  /** What the clients write to `NAME.log` in the run folder. Default `info`. */
  logs?: ClientLogLevel;
};

/** How a client ended; both fields are null while that is unknown. */
export type ClientExit = { code: number | null; signal: string | null };

export type WaitOptions = { signal?: AbortSignal; timeoutMs?: number };

/** What beacon nodes and validator clients have in common. */
export type RunningClient = {
  readonly name: string;
  /** Process id; null while the client is down. */
  readonly pid: number | null;
  /** The process exists and is not frozen. */
  readonly isUp: boolean;
  readonly isFrozen: boolean;
  /** Standard output and error, appended over restarts. */
  readonly logFile: string;
  /** Log lines without colour codes; `pattern` filters them. */
  logLines(pattern?: RegExp): Promise<string[]>;
  /** SIGKILL; resolves once the process is gone. */
  kill(): Promise<ClientExit>;
  /** SIGTERM, and SIGKILL after `graceMs` (default 10 000). */
  stop(graceMs?: number): Promise<ClientExit>;
  /** SIGSTOP: the process keeps its sockets open and answers nothing. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
};

export type BeaconNode = RunningClient & {
  /** Beacon-API base URL, the same over restarts. */
  readonly url: string;
  readonly p2pPort: number;
  /** Engine-API URL of this node's stand-in. */
  readonly elUrl: string;
  readonly elPath: string;
  readonly execution: ExecutionMode;
  setExecution(mode: ExecutionMode): void;
  /** Cut off from all other nodes: it goes on alone, on a branch of its own. Takes up to a few seconds, as does coming back. */
  readonly isIsolated: boolean;
  isolate(): void;
  rejoin(): void;
  /** Ends the process if it lives, starts it again, resolves when its API answers. `wipe`: with an empty database. */
  restart(options?: WaitOptions & { wipe?: boolean }): Promise<void>;
};

export type ValidatorClientOptions = {
  name: string;
  /** First interop validator index. */
  firstIndex: number;
  /** Last interop validator index, inclusive. */
  lastIndex: number;
  /** Any beacon-API URLs: of nodes, of a gateway, of a fault proxy. */
  beaconNodeUrls: readonly string[];
  /** 20-byte hex address with 0x. Default: 0x...ff. */
  feeRecipient?: string;
  /** Further flags of `lodestar validator`. */
  extraArgs?: readonly string[];
};

export type ValidatorClient = RunningClient & {
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly beaconNodeUrls: readonly string[];
  /** Ends the process if it lives and starts it with the same settings. */
  restart(): Promise<void>;
};

/** A payload that some node handed to its execution client with `engine_newPayload`. */
export type SeenPayload = {
  blockHash: string;
  blockNumber: number;
  /** Unix time in seconds, as the payload says. */
  timestamp: number;
  feeRecipient: string;
  /** Name of the first node that sent it. */
  firstSentBy: string;
};

export type Devnet = {
  readonly nodes: readonly BeaconNode[];
  readonly validatorClients: readonly ValidatorClient[];
  readonly runFolder: string;
  /** Unix time in seconds. */
  readonly genesisTime: number;
  readonly slotDurationMs: number;
  readonly slotsPerEpoch: number;
  readonly validators: number;
  /** Node by name (`bn2`); throws a `DevnetError` naming those that exist. */
  node(name: string): BeaconNode;
  startValidatorClient(options: ValidatorClientOptions): ValidatorClient;
  /** Payloads seen by the execution stand-ins, oldest first, at most 4096. */
  payloads(): SeenPayload[];
  /** Wall-clock slot; negative before genesis. */
  currentSlot(nowMs?: number): number;
  /** Unix time in milliseconds. */
  slotStartMs(slot: number): number;
  /** Ends every process and removes the default run folder. Safe to call twice. */
  stop(): Promise<void>;
};
