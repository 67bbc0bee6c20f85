export interface StopSignals {
  /** Aborts at the first request to stop. */
  readonly signal: AbortSignal;
  /** Resolves at the first request to stop. */
  readonly requested: Promise<void>;
  /** Asks to stop from inside; repeats change nothing. */
  request(): void;
  isImmediate(): boolean;
  /** Called when a second SIGINT or SIGTERM arrives. */
  onSecond(run: () => void): void;
  dispose(): void;
}

/** Turns SIGINT and SIGTERM into one request to stop; the second one means at once. */
export function onStopSignals({ ignoreInterrupt = false } = {}): StopSignals {
  const controller = new AbortController();
  const requested = Promise.withResolvers<void>();
  const second: (() => void)[] = [];
  let count = 0;
  const request = () => {
    controller.abort();
    requested.resolve();
  };
  const hear = () => {
    if (++count === 1) request();
    else for (const run of second) run();
  };
  const hearInterrupt = ignoreInterrupt ? () => {} : hear;
  process.on("SIGINT", hearInterrupt);
  process.on("SIGTERM", hear);
  return {
    signal: controller.signal,
    requested: requested.promise,
    request,
    isImmediate: () => count > 1,
    onSecond: (run) => void second.push(run),
    dispose() {
      process.off("SIGINT", hearInterrupt);
      process.off("SIGTERM", hear);
    },
  };
}
