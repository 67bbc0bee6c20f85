/** "99.95 %". Never rounded up to 100: what is not whole must not look whole. */
export function percent(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return "unknown";
  const points = share * 100;
  if (share < 1 && points > 99.99) return "99.99 %";
  return share > 0 && points < 0.01 ? "<0.01 %" : `${points.toFixed(2)} %`;
}

export const shareOf = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** Whole gwei, or "unknown"; never 0 for what nobody told. */
export const gwei = (amount: number | null | undefined): string =>
  amount === undefined || amount === null || !Number.isFinite(amount) ? "unknown" : String(amount);

/** Gwei as coins of the chain: "32.004718231". */
export const coins = (amount: number | null | undefined): string =>
  amount === undefined || amount === null || !Number.isFinite(amount)
    ? "unknown"
    : (amount / 1e9).toFixed(9).replace(/\.?0+$/, "");

export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1_000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** "1 validator", "3 validators". */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Mean of a sum, two digits. */
export const mean = (sum: number, of: number): string => (of > 0 ? (sum / of).toFixed(2) : "unknown");

/** "0x8f3c9a…a1b2"; what is short stays whole. */
export const shortKey = (key: string): string => (key.length <= 14 ? key : `${key.slice(0, 8)}…${key.slice(-4)}`);

/** "2026-11-26 06:41:30 UTC". */
export const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
