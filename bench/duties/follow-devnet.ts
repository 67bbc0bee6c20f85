import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditHash } from "../../src/access/audit.ts";
import { columnCodec } from "../../src/duties/columns/column-codec.ts";
import { followDuties } from "../../src/duties/follow/follow-duties.ts";
import { dutySpecOf } from "../../src/duties/judge/duty-spec.ts";
import { unknownCause } from "../../src/duties/judge/lost-duty.ts";
import { createHttpDutySource } from "../../src/duties/source/create-http-duty-source.ts";
import type { DutyStore } from "../../src/duties/ports.ts";
import type { EpochResult } from "../../src/duties/types.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { openSqliteStore } from "../../src/store/store.ts";
import { getJson } from "../../testbed/src/beacon-api.ts";
import type { BeaconNode, Devnet } from "../../testbed/src/devnet.ts";

export interface WatchedDevnet {
  store: DutyStore;
  /** What it waits for, or why a call failed; "" where all is well. */
  detail(): string;
  stop(): Promise<void>;
}

/** The product's follower on one node, watching every validator, with a store of its own in a temporary folder. */
export async function watchDevnet(
  devnet: Devnet,
  { name, url }: BeaconNode,
  onStored: (result: EpochResult) => void,
): Promise<WatchedDevnet> {
  const said = await getJson<{ data: Record<string, unknown> }>(url, "/eth/v1/config/spec");
  const spec = dutySpecOf(said.data);
  const timing = {
    spec: { slotDurationMs: devnet.slotDurationMs, slotsPerEpoch: devnet.slotsPerEpoch },
    genesis: { genesisTimeMs: devnet.genesisTime * 1000 },
  };
  const log = createLogger("warn");
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-exact-"));
  const store = await openSqliteStore(join(folder, "slotkeeper.db"), auditHash, columnCodec);
  const source = createHttpDutySource({
    ...{ nodes: [{ name, url }], clock: systemClock, log },
    spec: { ...timing.spec, forks: spec.forks },
  });
  const watched = {
    indices: Uint32Array.from({ length: devnet.validators }, (_, index) => index),
    cohorts: [],
    policyOf: () => undefined,
  };
  const follower = await followDuties({
    ...{ source, store: store.duties, spec, timing, clock: systemClock, log, onStored, maxBackfillEpochs: 32 },
    watched: () => watched,
    causesOf: () => unknownCause,
    unresolvedKeys: () => [],
    learn: () => undefined,
    onChange: () => undefined,
  });
  return {
    store: store.duties,
    detail: () => follower.state().detail,
    async stop() {
      await follower.stop();
      await source.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
