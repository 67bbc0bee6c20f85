import type { HostFinding, HostVerdict } from "../judge-host.ts";
import type { CpuUse } from "../read-host.ts";
import type { SignalReasonCode } from "../reasons.ts";

/** What is known of one machine. Every number says how old it is; what is too old is judged unknown. */
export interface HostState {
  name: string;
  provider: string | undefined;
  region: string | undefined;
  /** The worst finding; unknown is worse than good. */
  verdict: HostVerdict;
  findings: readonly HostFinding<SignalReasonCode>[];
  /** When the newest figures of the machine itself came, milliseconds since the epoch; `undefined`: never. */
  readAt: number | undefined;
  cpu: CpuUse | undefined;
  cores: number | undefined;
  load1: number | undefined;
  memoryTotalBytes: number | undefined;
  memoryAvailableBytes: number | undefined;
  bootedAt: number | undefined;
  disks: readonly DiskState[];
  processes: readonly ProcessState[];
  pages: readonly PageState[];
}

export interface DiskState {
  mountpoint: string;
  device: string;
  sizeBytes: number;
  availableBytes: number;
  isReadOnly: boolean;
  freeInodes: number | undefined;
  forecast: DiskForecast;
}

/** How long a disk lasts. Bytes a day are what it fills by; below zero it empties. */
export interface DiskForecast {
  /** From the last hours; `undefined` until there are enough of them. */
  normal: DiskRate | undefined;
  /** While the chain does not finalize. `assumed`: never seen here. */
  withoutFinality: (DiskRate & { basis: "measured" | "assumed" }) | undefined;
  /** Time between the first and the last figure that it rests on. */
  historyMs: number;
}

export interface DiskRate {
  bytesPerDay: number;
  /** `undefined`: it does not fill up. */
  daysToFull: number | undefined;
}

/** A client's own words about its process. */
export interface ProcessState {
  /** The page, or the target of Prometheus, that it is read from. */
  place: string;
  readAt: number;
  client: string | undefined;
  keys: number | undefined;
  peers: number | undefined;
  startedAt: number | undefined;
  /** Since this monitor watches it. */
  restarts: number;
  /** Processor seconds per second since the look before: 1 is one whole core. */
  cpuCores: number | undefined;
  residentBytes: number | undefined;
  openFiles: number | undefined;
  maxFiles: number | undefined;
}

export interface PageState {
  place: string;
  from: "page" | "prometheus";
  /** When it was read last; `undefined`: never. */
  readAt: number | undefined;
  error: { code: SignalReasonCode; message: string } | undefined;
}
