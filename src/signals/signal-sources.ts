import type { HttpHeaders } from "../fleet/validator-sources.ts";
import type { Secret } from "../fleet/secret.ts";

/** A Prometheus that scrapes our hosts already. Safe to print. */
export interface PrometheusServer {
  url: string;
  headers: HttpHeaders;
  /** Sent as `Authorization: Bearer …`. */
  token: Secret | undefined;
}

/** A log that is followed: whose it is, and where it is read. Safe to print. */
export type LogSource = {
  name: string;
  /** Whose messages are looked for; `undefined`: everybody's. */
  client: string | undefined;
  /** The node or validator client that writes it, as the configuration or the label `validatorClient` names it. */
  node: string | undefined;
  validatorClient: string | undefined;
} & (
  | { kind: "file"; path: string }
  | { kind: "journald"; unit: string }
  | { kind: "loki"; url: string; query: string; headers: HttpHeaders }
);

/** A relay of which it is asked whether it delivered our blocks. */
export interface Relay {
  name: string;
  url: string;
}
