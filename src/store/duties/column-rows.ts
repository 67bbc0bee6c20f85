import type { Kysely } from "kysely";
import type { BalanceBase, ColumnCodec } from "../../duties/columns/column-codec.ts";
import type { EpochColumns } from "../../duties/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { toNumber, type StoredInteger } from "../codec.ts";
import type { Tables } from "../tables.ts";

/** By measurement: a base costs as much as differences that grow over about this many epochs. */
const baseEpochs = 16;

/** A base that knows fewer of an epoch's balances than this share is of no use to it. */
const usefulShare = 0.9;

/** The columns of epochs: sets of indices and bases of balances are stored beside them, once for many. */
export interface ColumnRows {
  save(tx: Kysely<Tables>, epoch: number, columns: EpochColumns): Promise<void>;
  load(db: Kysely<Tables>, epoch: number): Promise<EpochColumns | undefined>;
}

export function columnRows(codec: ColumnCodec): ColumnRows {
  // The last ones only: epochs after each other share them, and a set and a base take megabytes.
  const sets = lastOnes<Uint32Array>(2);
  const bases = lastOnes<BalanceBase>(2);

  async function setId(tx: Kysely<Tables>, indices: Uint32Array): Promise<StoredInteger> {
    const hash = codec.hashOf(indices);
    const known = await tx.selectFrom("dutySets").select("id").where("hash", "=", hash).executeTakeFirst();
    if (known) return known.id;
    const row = { hash, bytes: codec.packIndices(indices) };
    return (await tx.insertInto("dutySets").values(row).returning("id").executeTakeFirstOrThrow()).id;
  }

  async function set(db: Kysely<Tables>, id: StoredInteger, epoch: number): Promise<Uint32Array> {
    const key = toNumber(id);
    const row =
      sets.get(key) ?? (await db.selectFrom("dutySets").select("bytes").where("id", "=", key).executeTakeFirst());
    if (!row) throw missing(`the set of validators of epoch ${epoch}`);
    return row instanceof Uint32Array ? row : sets.put(key, codec.unpackIndices(row.bytes, epoch));
  }

  async function base(db: Kysely<Tables>, id: StoredInteger, epoch: number): Promise<BalanceBase> {
    const key = toNumber(id);
    const known = bases.get(key);
    if (known) return known;
    const row = await db.selectFrom("dutyBases").selectAll().where("id", "=", key).executeTakeFirst();
    if (!row) throw missing(`the balances that epoch ${epoch} counts from`);
    return bases.put(key, codec.unpackBase(row.bytes, epoch, await set(db, row.setId, epoch)));
  }

  /** The newest base that serves this epoch, or a new one made of it; none where it knows no balances itself. */
  async function baseFor(tx: Kysely<Tables>, epoch: number, columns: EpochColumns, ownSet: StoredInteger) {
    const found = await tx
      .selectFrom("dutyBases")
      .select("id")
      .where("epoch", ">", epoch - baseEpochs)
      .where("epoch", "<=", epoch)
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    const needed = known(columns.balance) * usefulShare;
    if (found) {
      const candidate = await base(tx, found.id, epoch);
      if (shared(columns, candidate) >= needed) return { id: toNumber(found.id), base: candidate };
    }
    if (known(columns.balance) < columns.balance.length * usefulShare || columns.balance.length === 0) return undefined;
    const row = { epoch, setId: toNumber(ownSet), bytes: codec.packBase(columns) };
    const { id } = await tx.insertInto("dutyBases").values(row).returning("id").executeTakeFirstOrThrow();
    const { indices, effectiveBalance, balance } = columns;
    return { id: toNumber(id), base: { indices, effectiveBalance, balance } };
  }

  return {
    async save(tx, epoch, columns) {
      const ownSet = await setId(tx, columns.indices);
      const from = await baseFor(tx, epoch, columns, ownSet);
      const row = { setId: toNumber(ownSet), baseId: from?.id ?? null, bytes: codec.pack(columns, from?.base) };
      await tx
        .insertInto("dutyColumns")
        .values({ epoch, ...row })
        .onConflict((conflict) => conflict.column("epoch").doUpdateSet(row))
        .execute();
    },
    async load(db, epoch) {
      const row = await db.selectFrom("dutyColumns").selectAll().where("epoch", "=", epoch).executeTakeFirst();
      if (!row) return undefined;
      const indices = await set(db, row.setId, epoch);
      return codec.unpack(
        row.bytes,
        epoch,
        indices,
        row.baseId === null ? undefined : await base(db, row.baseId, epoch),
      );
    },
  };
}

function known(balance: Float64Array): number {
  let count = 0;
  for (const value of balance) if (!Number.isNaN(value)) count++;
  return count;
}

/** How many balances both know. Indices rise in both. */
function shared({ indices, balance }: EpochColumns, base: BalanceBase): number {
  let count = 0;
  let place = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? 0;
    while ((base.indices[place] ?? Infinity) < index) place++;
    if (base.indices[place] === index && !Number.isNaN(base.balance[place]) && !Number.isNaN(balance[i])) count++;
  }
  return count;
}

function missing(what: string): AppError {
  return new AppError(`read ${what} from the store: it is gone. Restore a backup, or leave this epoch out.`, {
    code: "store-damaged",
  });
}

interface LastOnes<T> {
  get(key: number): T | undefined;
  put(key: number, value: T): T;
}

function lastOnes<T>(count: number): LastOnes<T> {
  const kept = new Map<number, T>();
  return {
    get: (key) => kept.get(key),
    put(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.keys().next();
      if (kept.size > count && !oldest.done) kept.delete(oldest.value);
      return value;
    },
  };
}
