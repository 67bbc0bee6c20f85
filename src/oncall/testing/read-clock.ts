const minuteMs = 60_000;
const stepMinutes = 15;

/**
 * What the wall clock of a zone shows at each minute from `fromAt`, read off what the system's own formatter prints, as minutes since
 * 1970 of the same reading in UTC. Knows nothing of offsets: where two readings 15 minutes apart differ by anything else, every
 * minute between is read as well.
 */
export function readClock(timeZone: string, fromAt: number, minutes: number): Int32Array {
  const formatter = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  const read = (minute: number) => {
    const text = formatter.format(fromAt + minute * minuteMs);
    const match = /^(\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/.exec(text);
    if (!match) throw new Error(`the formatter printed ${text}`);
    const [day = 0, month = 0, year = 0, hour = 0, past = 0] = match.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, past) / minuteMs;
  };
  const shown = new Int32Array(minutes);
  let here = read(0);
  for (let minute = 0; minute < minutes; minute += stepMinutes) {
    const next = read(minute + stepMinutes);
    const isSteady = next === here + stepMinutes;
    for (let past = 0; past < stepMinutes && minute + past < minutes; past++)
      shown[minute + past] = isSteady ? here + past : read(minute + past);
    here = next;
  }
  return shown;
}
