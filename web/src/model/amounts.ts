import { formatCount } from "./format.ts";

const twoDigits = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const coins = new Intl.NumberFormat("en-GB", { minimumSignificantDigits: 3, maximumSignificantDigits: 4 });
const gweiPerCoin = 1e9;
/** From here on an amount reads better in coins: a hundredth of one. */
const coinsFromGwei = 1e7;

/** "99.95 %", which no line break parts. Never rounded up to 100: what is not whole must not look whole. */
export function formatShare(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return "unknown";
  const percent = share * 100;
  if (share < 1 && percent > 99.99) return "99.99\u00a0%";
  if (share > 0 && percent < 0.01) return "<0.01\u00a0%";
  return `${twoDigits.format(percent)}\u00a0%`;
}

/** A difference of shares in points of a percent: "+0.12", "−0.30", "±0". */
export function formatPoints(difference: number | undefined): string | undefined {
  if (difference === undefined || !Number.isFinite(difference)) return undefined;
  return signed(difference * 100, (size) => twoDigits.format(size), 0.005);
}

/** A difference with its sign; below `least` it is none. */
export function signed(difference: number, format: (size: number) => string, least: number): string {
  if (Math.abs(difference) < least) return "±0";
  return `${difference < 0 ? "−" : "+"}${format(Math.abs(difference))}`;
}

/** The chain's coin: validators of Gnosis Chain stake mGNO, all others ETH. */
export const coinOf = (configName: string | undefined): string =>
  configName === "gnosis" || configName === "chiado" ? "mGNO" : "ETH";

/** Small amounts in gwei, large ones in coins. */
export function formatGwei(gwei: number | undefined, coin: string): string {
  if (gwei === undefined || !Number.isFinite(gwei)) return "unknown";
  const size = Math.abs(gwei);
  const sign = gwei < 0 ? "−" : "";
  return size >= coinsFromGwei
    ? `${sign}${coins.format(size / gweiPerCoin)}\u00a0${coin}`
    : `${sign}${formatCount(size)}\u00a0gwei`;
}

/** A balance, whole: "32.004718231 ETH". */
export const formatBalance = (gwei: number | undefined, coin: string): string =>
  gwei === undefined || !Number.isFinite(gwei)
    ? "unknown"
    : `${(gwei / gweiPerCoin).toFixed(9).replace(/0{1,7}$/, "")}\u00a0${coin}`;

export const shareOf = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** Stake is told in whole increments of effective balance, one coin each. */
export const coinsOfIncrements = (increments: number, coin: string): string =>
  `${formatCount(increments)}\u00a0${coin}`;
