const counts = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const utcTimes = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const utcDays = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
const localTimes = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const localDays = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** True where the browser's clock face equals UTC at this instant, so that a second one would say nothing. */
export const isLocalUtc = (at: number): boolean => new Date(at).getTimezoneOffset() === 0;

export const formatCount = (value: number): string => counts.format(value);
export const utcTime = (at: number): string => utcTimes.format(at);
export const utcDay = (at: number): string => utcDays.format(at);
export const localTime = (at: number): string => localTimes.format(at);
const localDay = (at: number): string => localDays.format(at);

/** "4 Nov 2026 14:02:11 UTC (Wed 4 Nov 15:02:11 Europe/Berlin)". */
export function fullInstant(at: number): string {
  if (!Number.isFinite(at) || at <= 0) return "at an unknown time";
  const utc = `${utcDay(at)} ${utcTime(at)} UTC`;
  return isLocalUtc(at) ? utc : `${utc} (${localDay(at)} ${localTime(at)} ${localZone})`;
}

/** "4 s", "12 min", "3 h 05 min", "2 d 4 h"; never negative. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** The same without a rest of nothing: "2 h", "7 d". For lengths that somebody chose. */
export const formatLength = (ms: number): string => formatDuration(ms).replace(/ (?:00 min|0 h)$/, "");

export function formatRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond < 10) return perSecond.toFixed(1);
  return formatCount(perSecond);
}

export const formatMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${formatCount(ms)} ms`);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
