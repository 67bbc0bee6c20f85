import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely, Selectable } from "kysely";
import type { StoredEpoch } from "../../duties/ports.ts";
import type { EpochResult, EpochState, SlotOutcome } from "../../duties/types.ts";
import { toNumber, toOptionalNumber } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { epochStateOf, epochStates } from "./exception-codes.ts";
import { slices } from "./insert-rows.ts";
import { packJson, unpackJson } from "./packed-json.ts";
import { totalsKeys, totalsOfText, totalsText } from "./totals-row.ts";

const epochsAtOnce = 500;

export async function saveEpochRow(tx: Kysely<Tables>, result: EpochResult, exceptionBits: number): Promise<void> {
  const { epoch, state, judgedAt, headRoot, fork, rewards, caveats, slots, network, cohorts, committeesPerSlot } =
    result;
  const watched = cohorts.find(({ key, value }) => key === "" && value === "")?.totals;
  const row = {
    ...{ judgedAt, headRoot, fork, rewards, exceptionBits, state: epochStates.indexOf(state) },
    committeesPerSlot: committeesPerSlot ?? null,
    caveats: JSON.stringify(caveats),
    network: totalsText(network),
    watched: watched ? totalsText(watched) : JSON.stringify(totalsKeys.map(() => 0)),
  };
  await tx
    .insertInto("dutyEpochs")
    .values({ epoch, ...row })
    .onConflict((conflict) => conflict.column("epoch").doUpdateSet(row))
    .execute();
  const bytes = packJson(slots);
  await tx
    .insertInto("dutySlots")
    .values({ epoch, bytes })
    .onConflict((conflict) => conflict.column("epoch").doUpdateSet({ bytes }))
    .execute();
}

export async function stateOf(db: Kysely<Tables>, epoch: number): Promise<EpochState | undefined> {
  const row = await db.selectFrom("dutyEpochs").select("state").where("epoch", "=", epoch).executeTakeFirst();
  return row && epochStateOf(row.state);
}

export async function readEpochs(db: Kysely<Tables>, fromEpoch: number, toEpoch: number): Promise<StoredEpoch[]> {
  const found: StoredEpoch[] = [];
  for (const [from, to] of slices(fromEpoch, toEpoch, epochsAtOnce)) {
    const rows = await db
      .selectFrom("dutyEpochs")
      .selectAll()
      .where("epoch", ">=", from)
      .where("epoch", "<=", to)
      .orderBy("epoch")
      .execute();
    found.push(...rows.map(epochOf));
    await nextTurn();
  }
  return found;
}

export async function readSlots(db: Kysely<Tables>, epoch: number): Promise<readonly SlotOutcome[]> {
  const row = await db.selectFrom("dutySlots").select("bytes").where("epoch", "=", epoch).executeTakeFirst();
  if (!row) return [];
  const slots = unpackJson(row.bytes, `the slots of epoch ${epoch}`) as readonly SlotOutcome[];
  // JSON drops what is unknown; the type wants it named.
  return slots.map(({ slot, proposerIndex, block, root, assigned, included, timelyHead }) => ({
    ...{ slot, proposerIndex, block, root, assigned, included, timelyHead },
  }));
}

export async function lastEpoch(db: Kysely<Tables>, state: EpochState): Promise<number | undefined> {
  const row = await db
    .selectFrom("dutyEpochs")
    .select("epoch")
    .where("state", ">=", epochStates.indexOf(state))
    .orderBy("epoch", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && toNumber(row.epoch);
}

function epochOf(row: Selectable<Tables["dutyEpochs"]>): StoredEpoch {
  const committeesPerSlot = toOptionalNumber(row.committeesPerSlot);
  return {
    ...(committeesPerSlot !== undefined && { committeesPerSlot }),
    epoch: toNumber(row.epoch),
    state: epochStateOf(row.state),
    judgedAt: toNumber(row.judgedAt),
    headRoot: row.headRoot,
    fork: row.fork as StoredEpoch["fork"],
    rewards: row.rewards as StoredEpoch["rewards"],
    caveats: JSON.parse(row.caveats) as string[],
    network: totalsOfText(row.network),
    watched: totalsOfText(row.watched),
  };
}
