/** What of an event of a browser's trace is read. Times in microseconds. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** CPU time of the thread. */
  tdur?: number;
}

/** A frame: how long its main-thread tasks took, on the wall and of the thread's own CPU time. */
export interface FrameTime {
  ms: number;
  cpuMs: number;
}

/**
 * Sums the tasks of the main thread from one animation frame to the next. The main thread is the one that animation frames
 * fire on; a frame is a task that holds `FireAnimationFrame`, and what ran since the frame before belongs to it: the input
 * that caused it, timers, style, layout, painting.
 */
export function frameTimes(events: readonly TraceEvent[]): FrameTime[] {
  const fired = events.filter(({ name }) => name === "FireAnimationFrame");
  const [first] = fired;
  if (first === undefined) return [];
  const isMain = ({ pid, tid }: TraceEvent) => pid === first.pid && tid === first.tid;
  const tasks = events
    .filter((event) => isMain(event) && event.ph === "X" && /(^|:)RunTask$/.test(event.name))
    .sort((a, b) => a.ts - b.ts);
  const frames = fired.filter(isMain).map(({ ts }) => ts);
  const times: FrameTime[] = [];
  let current: FrameTime = { ms: 0, cpuMs: 0 };
  let outerUntil = -1;
  for (const { ts, dur = 0, tdur } of tasks) {
    if (ts < outerUntil) continue; // A task within a task is counted by the outer one.
    outerUntil = ts + dur;
    current.ms += dur / 1000;
    current.cpuMs += (tdur ?? dur) / 1000;
    if (!frames.some((at) => at >= ts && at < ts + dur)) continue;
    times.push(current);
    current = { ms: 0, cpuMs: 0 };
  }
  // What ran before the trace's first frame began outside of it.
  return times.slice(1);
}
