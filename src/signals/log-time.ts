const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 2026-11-20T13:20:01, 2026-11-20 13:20:01 (Teku, Nimbus, Prysm, JSON logs of all), with or without a zone. */
const iso = /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})/;
/** Nov 20 13:20:01 (Lighthouse, syslog, journald) and Nov-20 13:20:01 (Lodestar). */
const named = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[- ]+(\d{1,2}) (\d{2}):(\d{2}):(\d{2})/;
/** [11-20|13:20:01 (Geth). */
const geth = /\[(\d{2})-(\d{2})\|(\d{2}):(\d{2}):(\d{2})/;

/**
 * When a log line says it was written, in milliseconds, or `undefined`. Zones are ignored and a missing year is `year`:
 * the value is only good for distances between lines of one file, which is all it is used for.
 */
export function logLineTime(line: string, year: number): number | undefined {
  // Timestamps stand at the front; a date later in the line is part of a message.
  const front = line.slice(0, 120);
  let match = iso.exec(front);
  if (match) return utc(num(match[1]), num(match[2]), num(match[3]), num(match[4]), num(match[5]), num(match[6]));
  match = named.exec(front);
  if (match) {
    const month = months.indexOf(match[1] ?? "") + 1;
    return utc(year, month, num(match[2]), num(match[3]), num(match[4]), num(match[5]));
  }
  match = geth.exec(front);
  return match ? utc(year, num(match[1]), num(match[2]), num(match[3]), num(match[4]), num(match[5])) : undefined;
}

function num(text: string | undefined): number {
  return Number(text);
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
