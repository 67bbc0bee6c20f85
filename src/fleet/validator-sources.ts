import type { Secret } from "./secret.ts";

/** Where validators are listed, as configured: secrets read, paths absolute. Safe to print. */
export type ValidatorSource = SourceSettings &
  (
    | { kind: "list"; keys: readonly string[] }
    | { kind: "text"; path: string }
    | { kind: "csv"; path: string }
    | { kind: "keymanager"; url: string; token: Secret | undefined; headers: HttpHeaders }
    | { kind: "web3signer"; url: string; headers: HttpHeaders }
    | { kind: "postgres"; url: Secret; query: string }
  );

export type HttpHeaders = Readonly<Record<string, string | Secret>>;

export interface SourceSettings {
  name: string;
  /** For each validator that it lists; labels of a single row win over them. */
  labels: Readonly<Record<string, string>>;
  refreshMs: number;
  /** Metrics page of the validator client that these validators run on. */
  metrics: string | undefined;
}

/** A machine. Its provider and region complete the labels of whatever names it as `host`. */
export interface FleetHost {
  name: string;
  provider: string | undefined;
  region: string | undefined;
  /** Pages of node_exporter and of clients. */
  metrics: readonly string[];
  /** Targets of the configured Prometheus, as their label `instance` names them. */
  prometheus: readonly string[];
}

export interface FleetProvider {
  name: string;
}

/** What the monitor judges and for how long it keeps it. */
export interface DutySettings {
  enabled: boolean;
  /** In days. */
  retention: { columnDays: number; exceptionDays: number; cohortDays: number; dailyCohortDays: number };
  /** Names of the nodes that duties are read from; `undefined`: every node. */
  nodes: readonly string[] | undefined;
}

/** What a validator client or signer reveals; what an operator wrote down has the first word over it. */
export function isObserved(source: Pick<ValidatorSource, "kind">): boolean {
  return source.kind === "keymanager" || source.kind === "web3signer";
}
