import type { SlaPage } from "../../api/contract-duties.ts";
import { epochAt, type ChainTiming } from "../../chain/slot-clock.ts";
import type { DutyStore } from "../../duties/ports.ts";
import type { DutyTotals } from "../../duties/types.ts";
import type { Customer } from "../../fleet/validator.ts";
import { standingOf } from "../../sla/standing-of.ts";
import type { SlaEpoch, SlaWindow } from "../../sla/types.ts";
import { calendarMonth, rolling } from "../../sla/windows.ts";

/** Attestations, sync committee and gwei of one epoch (or several) as agreements count them. */
export function slaEpochOf(epoch: number, totals: DutyTotals, epochs?: number): SlaEpoch {
  return {
    ...{ epoch, assigned: totals.assigned, included: totals.included },
    earned: totals.earned + totals.syncEarned,
    ideal: totals.ideal + totals.syncIdeal,
    ...(epochs !== undefined && { epochs }),
  };
}

/** How each customer stands this month and over the last 30 days. Read again only when an epoch was stored since. */
export function createSlaDesk(parts: {
  store: Pick<DutyStore, "cohorts" | "lastEpoch">;
  now: () => number;
}): (facts: {
  timing: ChainTiming | undefined;
  customers: readonly Customer[];
  sizeOf(customer: string): number;
}) => Promise<SlaPage> {
  let read: { name: string; rows: Map<string, SlaEpoch[]> } | undefined;

  async function rowsSince(fromEpoch: number): Promise<Map<string, SlaEpoch[]>> {
    const newest = (await parts.store.lastEpoch("provisional")) ?? -1;
    const name = `${fromEpoch}/${newest}`;
    if (read?.name === name) return read.rows;
    const rows = new Map<string, SlaEpoch[]>();
    for (const { epoch, value, totals } of await parts.store.cohorts(Math.max(0, fromEpoch), newest, "customer")) {
      const of = rows.get(value) ?? [];
      of.push(slaEpochOf(epoch, totals));
      rows.set(value, of);
    }
    read = { name, rows };
    return rows;
  }

  return async ({ timing, customers, sizeOf }) => {
    const at = parts.now();
    if (!timing || customers.length === 0) return { at, customers: [] };
    const month = calendarMonth(at);
    const last30Days = rolling(30, at);
    const rows = await rowsSince(epochAt(timing, Math.min(month.fromAt, last30Days.fromAt)));
    return {
      at,
      customers: customers.map((customer) => {
        const epochs = rows.get(customer.name) ?? [];
        const stand = (window: SlaWindow) =>
          standingOf({ epochs, window, now: at, target: customer.uptimeTarget / 100, timing });
        return { customer, month: stand(month), last30Days: stand(last30Days), validators: sizeOf(customer.name) };
      }),
    };
  };
}
