/** Sums of one customer (or any cohort) over one epoch, as `sla` needs them. */
export interface SlaEpoch {
  epoch: number;
  /** Of a day whose epochs were summed up, `epoch` being its first: how many of them are known. 1 unless given. */
  epochs?: number;
  assigned: number;
  included: number;
  /** Gwei, over attestations, sync committee and proposals. */
  earned: number;
  ideal: number;
}

/** A calendar window in UTC: `[fromAt, toAt)`, ms since the epoch. */
export interface SlaWindow {
  fromAt: number;
  toAt: number;
}

/** How one customer stands in a window, now. Shares are 0 to 1; `undefined` where nothing was asked of it. */
export interface SlaStanding {
  window: SlaWindow;
  /** Agreed uptime, 0 to 1. */
  target: number;
  /** Included over assigned attestations. */
  uptime: number | undefined;
  /** Earned over ideal. */
  effectiveness: number | undefined;
  assigned: number;
  missed: number;
  /** Misses that the window allows, counted on the duties that it will have at its end. */
  budget: number;
  /** Share of the budget that is used; over 1: breached. */
  budgetUsed: number;
  /**
   * Budget used per share of the window that the last epochs took: 1 uses it up exactly at the window's end. Over the last hour,
   * and over six: an alarm that needs both neither comes late nor stays after the end. `undefined`: nothing is known of that time.
   */
  burnRate: number | undefined;
  burnRateLong: number | undefined;
  /** When the budget is used up at the burn of the last hour, or was; `undefined`: not within the window. */
  breachesAt: number | undefined;
  /** Epochs of the window until now without data: they count neither as up nor as down. */
  unknownEpochs: number;
}
