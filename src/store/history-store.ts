import type { Kysely } from "kysely";
import type { HistoryStore } from "../control/observed-gateway.ts";
import { toNumber, toOptionalNumber } from "./codec.ts";
import type { Tables } from "./tables.ts";

export function historyStore(db: Kysely<Tables>): HistoryStore {
  return {
    async addSamples(samples) {
      if (samples.length === 0) return;
      const rows = samples.map(({ group, headLagSlots, finalityDistanceEpochs, ...rest }) => ({
        ...rest,
        groupName: group,
        headLagSlots: headLagSlots ?? null,
        finalityDistanceEpochs: finalityDistanceEpochs ?? null,
      }));
      await db
        .insertInto("history")
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async samples(fromAt) {
      const rows = await db
        .selectFrom("history")
        .selectAll()
        .where("at", ">=", fromAt)
        .orderBy("at")
        .orderBy("gateway")
        .orderBy("groupName")
        .execute();
      return rows.map((row) => ({
        at: toNumber(row.at),
        gateway: row.gateway,
        group: row.groupName,
        readyNodes: toNumber(row.readyNodes),
        totalNodes: toNumber(row.totalNodes),
        requestsPerSecond: Number(row.requestsPerSecond),
        failedRequests: toNumber(row.failedRequests),
        headLagSlots: toOptionalNumber(row.headLagSlots),
        finalityDistanceEpochs: toOptionalNumber(row.finalityDistanceEpochs),
      }));
    },
    expire: (samplesBefore, transitionsBefore) =>
      db.transaction().execute(async (tx) => {
        const gone = [
          await tx.deleteFrom("history").where("at", "<", samplesBefore).executeTakeFirst(),
          await tx.deleteFrom("transitions").where("at", "<", transitionsBefore).executeTakeFirst(),
          await tx.deleteFrom("ringGaps").where("toAt", "<", transitionsBefore).executeTakeFirst(),
        ];
        return gone.reduce((total, { numDeletedRows }) => total + toNumber(numDeletedRows), 0);
      }),
  };
}
