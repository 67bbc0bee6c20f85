import type { Clock } from "../lib/clock.ts";
import type { Leader } from "./leader.ts";

export interface LeadershipParts {
  leader: Pick<Leader, "acquire" | "renew" | "release">;
  clock: Clock;
  /** As the leader was made with. Renewed every quarter of it, so that three may fail. */
  leaseMs: number;
  /** Whether the term was acquired already. */
  isLeading: boolean;
  onGained: () => void;
  /** Another leads, or for a whole lease the database could not be reached: another may. */
  onLost: () => void;
  onError: (error: unknown) => void;
}

/**
 * Renews the lease, or tries for it: at most a lease and a quarter after a leader's death another leads. The clock only spaces
 * the tries, and tells when to stop acting unasked; who leads is decided by the database. `stop` lets go.
 */
export function keepLeadership(parts: LeadershipParts): { stop(): Promise<void> } {
  const { leader, clock, leaseMs, onGained, onLost, onError } = parts;
  const stopping = new AbortController();
  let { isLeading } = parts;
  let heldAt = clock.monotonic();

  function become(leads: boolean): void {
    if (leads === isLeading) return;
    isLeading = leads;
    if (leads) onGained();
    else onLost();
  }

  async function tryOnce(): Promise<void> {
    const askedAt = clock.monotonic();
    try {
      const isHeld = isLeading ? await leader.renew() : (await leader.acquire()) !== undefined;
      if (isHeld) heldAt = askedAt;
      become(isHeld);
    } catch (error) {
      onError(error);
      if (clock.monotonic() - heldAt >= leaseMs) become(false);
    }
  }

  async function run(): Promise<void> {
    await clock.sleep(leaseMs / 4, stopping.signal);
    while (!stopping.signal.aborted) {
      await tryOnce();
      await clock.sleep(leaseMs / 4, stopping.signal);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      try {
        await leader.release();
      } catch (error) {
        onError(error);
      }
    },
  };
}
