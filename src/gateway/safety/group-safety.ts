import type { DuplicateKey, Hold, SourceWatermark, TripwireRefusal } from "../../control/types.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError, describeError } from "../../lib/app-error.ts";
import type { Logger } from "../../lib/log.ts";
import type { UpstreamGroup } from "../../upstream/types.ts";
import type { GroupCounters } from "../counters.ts";
import { createKeyWatch } from "../replay/duplicate-keys.ts";
import type { ReplayItem } from "../replay/replay-items.ts";
import type { GroupSafety } from "../types.ts";
import { readSafetyRecord, writeSafetyRecord, type SafetyRecord } from "./safety-file.ts";
import { isRegressed, raise } from "./source-watermark.ts";
import { createTripwire, type Tripwire } from "./tripwire.ts";

/** The guards of one group as the request path uses them; `GroupSafety` is what people use. */
export interface Safety extends GroupSafety {
  /** Set while nothing may be signed over. */
  readonly heldBecause: Hold | undefined;
  readonly watermark: SourceWatermark | undefined;
  readonly tripwire: Tripwire;
  /** Would serving this source epoch go back behind one that was served before? */
  isRegressed(sourceEpoch: number): boolean;
  /** Attestation data with this source is being served; `reported` are source epochs that nodes gave in this call. */
  served(sourceEpoch: number, reported?: ReadonlyMap<string, number>): void;
  /** A client named these validators as its own; a second client that does is logged and counted. */
  sawKeys(items: readonly Pick<ReplayItem, "validatorIndex">[], client: string): void;
  /** Writes what is not on disk yet, and leaves the file to another process. */
  giveUp(): void;
  /** The other process did not come: the file is ours again. */
  resume(): void;
  stop(): void;
}

export interface SafetyParts {
  /** Where hold and watermark outlive a restart; absent: in memory only. */
  path: string | undefined;
  clock: Clock;
  log: Logger;
  counters: GroupCounters;
  upstream: Pick<UpstreamGroup, "network" | "statuses">;
}

/** Validators whose client is remembered. */
const maxKeys = 500_000;

/** Opens the guards of a group with what is on disk. An unreadable file is logged, and the guards start empty. */
export function createSafety({ path, clock, log, counters, upstream }: SafetyParts): Safety {
  const { record, problem } =
    path === undefined ? { record: {} as SafetyRecord, problem: undefined } : readSafetyRecord(path);
  if (problem !== undefined) log.error(problem);
  let { hold, watermark } = record;
  let { network } = record;
  let last: TripwireRefusal | undefined;
  let duplicateKey: DuplicateKey | undefined;
  let isDirty = false;
  let isGivenUp = false;
  let cancelWrite: (() => void) | undefined;
  let hasFailed = false;

  const tripwire = createTripwire({
    clock,
    network: () => upstream.network(),
    onRefused(refusal) {
      last = refusal;
      counters.tripwireRefused++;
      log.error(
        refusal,
        "slashable message refused: two clients sign with one key, or a client's slashing protection failed; stop one of them now",
      );
    },
  });

  const keys = createKeyWatch(clock, () => upstream.network(), maxKeys);

  function write(): void {
    if (path === undefined || isGivenUp) return;
    writeSafetyRecord(path, {
      ...(hold === undefined ? {} : { hold }),
      ...(watermark === undefined ? {} : { watermark }),
      ...(network === undefined ? {} : { network }),
    });
    isDirty = false;
    hasFailed = false;
  }

  /** The watermark is in force at once; a disk that refuses is said once, and tried again with the next epoch. */
  function writeQuietly(): void {
    cancelWrite = undefined;
    try {
      write();
    } catch (error) {
      if (!hasFailed) log.error({ error: describeError(error) }, "the source watermark is in memory only");
      hasFailed = true;
    }
  }

  /** A data folder that served another network holds a watermark that means nothing here. */
  function followNetwork(): void {
    const root = upstream.network()?.genesis.genesisValidatorsRoot;
    if (root === undefined || root === network) return;
    if (network !== undefined && watermark !== undefined) {
      log.warn({ epoch: watermark.epoch }, "the source watermark was of another network: it is forgotten");
      watermark = undefined;
    }
    network = root;
  }

  return {
    get heldBecause() {
      return hold;
    },
    get watermark() {
      return watermark;
    },
    tripwire,
    isRegressed(sourceEpoch) {
      followNetwork();
      return isRegressed(watermark, sourceEpoch);
    },
    served(sourceEpoch, reported) {
      followNetwork();
      const known = upstream.network();
      const epochMs = known ? known.spec.slotDurationMs * known.spec.slotsPerEpoch : 1;
      const currentEpoch = known && Math.floor((clock.now() - known.genesis.genesisTimeMs) / epochMs);
      const justified = upstream
        .statuses()
        .map((status) => highest(status.justified?.epoch, reported?.get(status.node)));
      const next = raise(watermark, { sourceEpoch, currentEpoch, justified }, clock.now());
      if (next === watermark) return;
      watermark = next;
      isDirty = true;
      // A second later, when the slot's answers are out: the disk must not stand between them and the clients.
      cancelWrite ??= clock.after(1_000, writeQuietly);
    },
    hold(reason, by) {
      const before = hold;
      hold = { reason, by, at: clock.now() };
      try {
        write();
      } catch (error) {
        // A hold that would not survive a restart still holds now: withholding is the safe side.
        if (before === undefined) log.error({ by, reason }, "signing inputs are held, in memory only");
        throw error;
      }
      log.error({ by, reason }, "signing inputs are held: validator clients sign nothing until somebody releases them");
    },
    release(by) {
      const before = hold;
      if (before === undefined)
        throw new AppError("release signing: nothing is held, so nothing was changed", { code: "not-held" });
      hold = undefined;
      try {
        write();
      } catch (error) {
        hold = before;
        throw error;
      }
      log.warn({ by, reason: before.reason }, "signing inputs are released");
    },
    resetWatermark(by) {
      const before = watermark;
      if (before === undefined)
        throw new AppError("reset the source watermark: there is none, so nothing was changed", {
          code: "no-watermark",
        });
      watermark = undefined;
      try {
        write();
      } catch (error) {
        watermark = before;
        throw error;
      }
      log.warn({ by, epoch: before.epoch }, "the source watermark is forgotten: the next agreed source sets it anew");
    },
    status: () => ({
      tripwire: { refused: counters.tripwireRefused, ...(last === undefined ? {} : { last }) },
      ...(hold === undefined ? {} : { hold }),
      ...(watermark === undefined ? {} : { sourceWatermark: watermark }),
      ...(duplicateKey === undefined ? {} : { duplicateKey }),
    }),
    sawKeys(items, client) {
      const found = keys.see(items, client);
      if (!found) return;
      counters.duplicateKeys += found.indices.length;
      const validatorIndex = Number(found.indices[0]);
      if (Number.isSafeInteger(validatorIndex))
        duplicateKey = { at: clock.now(), validatorIndex, clients: [found.other, client] };
      log.error(
        {
          reason: "duplicate-key",
          clients: [found.other, client],
          count: found.indices.length,
          first: found.indices.slice(0, 10),
        },
        "two clients named the same validators within an epoch: if both hold the keys they will be slashed; stop one of them now",
      );
    },
    giveUp() {
      cancelWrite?.();
      if (isDirty) writeQuietly();
      isGivenUp = true;
    },
    resume() {
      isGivenUp = false;
      if (isDirty) writeQuietly();
    },
    stop() {
      cancelWrite?.();
      if (isDirty) writeQuietly();
    },
  };
}

function highest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
