import type { Kysely } from "kysely";
import type { EpochResult, ProposalOutcome, SlashingOutcome, SyncOutcome } from "../../duties/types.ts";
import { toNumber, toOptionalNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { insertRows } from "./insert-rows.ts";

/** Rows of an epoch that are few: its own blocks, sync seats, slashings. */
export const eventTables = ["dutyProposals", "dutySync", "dutySlashings"] as const;

export interface EventQuery {
  fromEpoch: number;
  toEpoch: number;
  validatorIndex?: number;
}

export async function saveEvents(
  tx: Kysely<Tables>,
  epoch: number,
  { proposals, sync, slashings }: Pick<EpochResult, "proposals" | "sync" | "slashings">,
): Promise<void> {
  await deleteEvents(tx, epoch, epoch);
  await insertRows(
    tx,
    "dutyProposals",
    proposals.map((item, position) => ({
      ...{ epoch, position, slot: item.slot, validatorIndex: item.validatorIndex, outcome: item.outcome },
      ...{ root: item.root ?? null, feeRecipient: item.feeRecipient ?? null, relay: item.relay ?? null },
      ...{ reward: item.reward ?? null, lost: item.lost ?? null },
      ...{ valuePromised: item.valuePromised ?? null, valuePaid: item.valuePaid ?? null },
    })),
  );
  await insertRows(
    tx,
    "dutySync",
    sync.map(({ validatorIndex, seats, duties, hits, earned, ideal }, position) => ({
      ...{ epoch, position, validatorIndex, seats, duties, hits, earned: earned ?? null, ideal: ideal ?? null },
    })),
  );
  await insertRows(
    tx,
    "dutySlashings",
    slashings.map(({ slot, validatorIndex, offence }, position) => ({
      epoch,
      position,
      slot,
      validatorIndex,
      offence,
    })),
  );
}

/** Returns how many went. */
export async function deleteEvents(tx: Kysely<Tables>, fromEpoch: number, toEpoch: number): Promise<number> {
  let gone = 0;
  for (const table of eventTables) {
    const { numDeletedRows } = await tx
      .deleteFrom(table)
      .where("epoch", ">=", fromEpoch)
      .where("epoch", "<=", toEpoch)
      .executeTakeFirstOrThrow();
    gone += toNumber(numDeletedRows);
  }
  return gone;
}

export async function readProposals(
  db: Kysely<Tables>,
  { fromEpoch, toEpoch, validatorIndex }: EventQuery,
): Promise<(ProposalOutcome & { epoch: number })[]> {
  let query = db.selectFrom("dutyProposals").selectAll().where("epoch", ">=", fromEpoch).where("epoch", "<=", toEpoch);
  if (validatorIndex !== undefined) query = query.where("validatorIndex", "=", validatorIndex);
  return (await query.orderBy("epoch").orderBy("position").execute()).map((row) => ({
    ...{ epoch: toNumber(row.epoch), slot: toNumber(row.slot), validatorIndex: toNumber(row.validatorIndex) },
    outcome: row.outcome as ProposalOutcome["outcome"],
    root: row.root ?? undefined,
    feeRecipient: row.feeRecipient ?? undefined,
    reward: toOptionalNumber(row.reward),
    lost: toOptionalNumber(row.lost),
    ...(row.relay === null ? {} : { relay: row.relay }),
    ...(row.valuePromised === null ? {} : { valuePromised: toNumber(row.valuePromised) }),
    ...(row.valuePaid === null ? {} : { valuePaid: toNumber(row.valuePaid) }),
  }));
}

export async function readSync(
  db: Kysely<Tables>,
  { fromEpoch, toEpoch, validatorIndex }: EventQuery,
): Promise<(SyncOutcome & { epoch: number })[]> {
  let query = db.selectFrom("dutySync").selectAll().where("epoch", ">=", fromEpoch).where("epoch", "<=", toEpoch);
  if (validatorIndex !== undefined) query = query.where("validatorIndex", "=", validatorIndex);
  return (await query.orderBy("epoch").orderBy("position").execute()).map((row) => ({
    ...{ epoch: toNumber(row.epoch), validatorIndex: toNumber(row.validatorIndex), seats: toNumber(row.seats) },
    ...{ duties: toNumber(row.duties), hits: toNumber(row.hits) },
    ...{ earned: toOptionalNumber(row.earned), ideal: toOptionalNumber(row.ideal) },
  }));
}

export async function readSlashings(
  db: Kysely<Tables>,
  fromEpoch: number,
  toEpoch: number,
): Promise<(SlashingOutcome & { epoch: number })[]> {
  const rows = await db
    .selectFrom("dutySlashings")
    .selectAll()
    .where("epoch", ">=", fromEpoch)
    .where("epoch", "<=", toEpoch)
    .orderBy("epoch")
    .orderBy("position")
    .execute();
  return rows.map(({ epoch, slot, validatorIndex, offence }) => ({
    ...{ epoch: toNumber(epoch), slot: toNumber(slot), validatorIndex: toNumber(validatorIndex) },
    offence: offence as SlashingOutcome["offence"],
  }));
}
