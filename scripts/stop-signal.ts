/**
 * Aborts on Ctrl-C, SIGTERM, SIGHUP, or when the process that started this one is gone. A terminal sends its Ctrl-C to
 * every process at once and the parent passes it on as well: repeated signals within a second are one.
 */
export function stopSignal(onImpatient: () => void): AbortSignal {
  const abort = new AbortController();
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      abort.abort();
    } else if (performance.now() - firstAt > 1000) onImpatient();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  process.on("disconnect", stop);
  // The channel must not keep a finished program alive.
  process.channel?.unref();
  return abort.signal;
}
