/** The `Date` header has whole seconds; smaller differences than this are noise. */
const noiseMs = 1_500;

let offsetMs = 0;

/** Learns how far this computer's clock is from the server's, so that ages and slots are right on a laptop that is wrong. */
export function learnServerClock(dateHeader: string | null, sentAt: number, receivedAt: number): void {
  if (dateHeader === null) return;
  const serverAt = Date.parse(dateHeader) + 500;
  if (Number.isNaN(serverAt)) return;
  const difference = serverAt - (sentAt + receivedAt) / 2;
  offsetMs = Math.abs(difference) < noiseMs ? 0 : Math.round(difference);
}

export const serverNow = (): number => Date.now() + offsetMs;
export const clockOffsetMs = (): number => offsetMs;
