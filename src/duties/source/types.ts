import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import type { ChainSpec } from "../../chain/types.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { DutySource } from "../ports.ts";

/** A beacon node that duties are read from. */
export interface DutyNode {
  /** As in the configuration; names the node in messages. */
  name: string;
  /** Base URL of its Beacon API; may hold a path prefix. */
  url: string;
  /** Extra request headers, secrets already resolved. */
  headers?: Readonly<Record<string, string>>;
}

export interface HttpDutySourceOptions {
  /** In order of preference: a call goes to the first ready one, and on to the next where that one fails. */
  nodes: readonly DutyNode[];
  /** Which nodes may be asked now. Default: all. With none ready calls fail as `unreachable`. */
  isReady?: (name: string) => boolean;
  clock: Clock;
  spec: Pick<ChainSpec, "slotsPerEpoch" | "slotDurationMs" | "forks">;
  /** Sizes of blocks and committees. Default: read once from a node's `config/spec` when first needed. */
  sizes?: BlockSizes;
  log: Logger;
}

/** A `DutySource` over HTTP with connections of its own. */
export interface HttpDutySource extends DutySource {
  /** Drops connections; calls in flight end as `aborted`. */
  close(): Promise<void>;
}
