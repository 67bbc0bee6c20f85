import type { GatewayJournal } from "../control/observed-gateway.ts";
import type { MonitorCounters } from "./monitor-metrics.ts";

/** The journal with its failures and losses counted, so that a full disk shows on /metrics and not only in the log. */
export function countedJournal(journal: GatewayJournal, counters: () => MonitorCounters): GatewayJournal {
  async function counted<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      counters().storeWriteFailed();
      throw error;
    }
  }
  return {
    ...journal,
    async append(batch) {
      const stored = await counted(journal.append(batch));
      if (batch.lost) counters().recordsLost(batch.gateway, "transitions", batch.lost.count);
      return stored;
    },
    async skipEvidence(gateway, cursor, lost) {
      await counted(journal.skipEvidence(gateway, cursor, lost));
      if (lost) counters().recordsLost(gateway, "evidence", lost.count);
    },
  };
}
