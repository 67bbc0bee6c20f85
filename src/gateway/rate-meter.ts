import type { Clock } from "../lib/clock.ts";

/** Mean rate of a counter over the last ten seconds. */
export interface RateMeter {
  perSecond(): number;
  stop(): void;
}

const windowS = 10;

export function startRateMeter(clock: Clock, read: () => number): RateMeter {
  const samples: number[] = [read()];
  const cancel = clock.every(1_000, () => {
    samples.push(read());
    if (samples.length > windowS + 1) samples.shift();
  });
  return {
    perSecond: () => {
      const spanS = samples.length - 1;
      return spanS === 0 ? 0 : ((samples[spanS] as number) - (samples[0] as number)) / spanS;
    },
    stop: cancel,
  };
}
