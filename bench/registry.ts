/** A benchmark prints what it does as it goes, ends everything it started, and returns the figures of its last line. */
export interface Benchmark {
  what: string;
  load: () => Promise<{ run: (options: { isQuick: boolean }) => Promise<Record<string, unknown>> }>;
}

export const benchmarks: Readonly<Record<string, Benchmark>> = {};
