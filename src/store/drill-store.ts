import type { Kysely, Selectable } from "kysely";
import type { DrillOutcome, DrillRecord, DrillStore } from "../drills/types.ts";
import { toNumber } from "./codec.ts";
import type { Tables } from "./tables.ts";

/** Drills are run by hand or once a day: this is decades of them, and a bound all the same. */
const keptDrills = 10_000;

/** What has no column of its own. */
type Details = Pick<DrillRecord, "findings" | "sentence" | "score" | "evidence">;

export function drillStore(db: Kysely<Tables>, kept = keptDrills): DrillStore {
  return {
    add: (record) =>
      db.transaction().execute(async (tx) => {
        const row = rowOf(record);
        const { id: _, ...changes } = row;
        await tx
          .insertInto("drills")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doUpdateSet(changes))
          .execute();
        const surplus = tx.selectFrom("drills").select("id").orderBy("startedAt", "desc").orderBy("id", "desc");
        const old = await surplus.limit(1_000).offset(kept).execute();
        if (old.length > 0)
          await tx
            .deleteFrom("drills")
            .where(
              "id",
              "in",
              old.map(({ id }) => id),
            )
            .execute();
      }),
    async past({ gateway, group, node, limit }) {
      let query = db
        .selectFrom("drills")
        .selectAll()
        .orderBy("startedAt", "desc")
        .orderBy("id", "desc")
        .limit(Math.max(0, limit));
      if (gateway !== undefined) query = query.where("gateway", "=", gateway);
      if (group !== undefined) query = query.where("groupName", "=", group);
      if (node !== undefined) query = query.where("node", "=", node);
      return (await query.execute()).map(recordOf);
    },
  };
}

function rowOf(record: DrillRecord) {
  const { id, gateway, group, node, kind, by, askedAt, startedAt, liftedAt, endedAt, outcome } = record;
  const { findings, sentence, score, evidence } = record;
  const { detectMs, switchMs, affected, failed } = score;
  return {
    ...{ id, gateway, groupName: group, node, kind, askedBy: by, askedAt, startedAt, liftedAt, endedAt, outcome },
    detectMs: detectMs === undefined ? null : Math.round(detectMs),
    switchMs: switchMs === undefined ? null : Math.round(switchMs),
    ...{ affected, failed },
    details: JSON.stringify({ findings, sentence, score, evidence } satisfies Details),
  };
}

function recordOf(row: Selectable<Tables["drills"]>): DrillRecord {
  const { id, gateway, node } = row;
  return {
    ...{ id, gateway, group: row.groupName, node, by: row.askedBy },
    // Kinds and codes of other versions are kept as they came; readers show unknown ones as plain text.
    kind: row.kind as DrillRecord["kind"],
    outcome: row.outcome as DrillOutcome,
    askedAt: toNumber(row.askedAt),
    startedAt: toNumber(row.startedAt),
    liftedAt: toNumber(row.liftedAt),
    endedAt: toNumber(row.endedAt),
    ...(JSON.parse(row.details) as Details),
  };
}
