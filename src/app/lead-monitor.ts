import { hostname } from "node:os";
import { auditHash } from "../access/audit.ts";
import { columnCodec } from "../duties/columns/column-codec.ts";
import type { Secret } from "../fleet/secret.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { keepLeadership } from "../store/keep-leadership.ts";
import { defaultLeaseMs, openPostgresStore, type PostgresStore } from "../store/postgres/open-postgres-store.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";
import { wireMonitor } from "./wire-monitor.ts";

/**
 * A monitor on PostgreSQL: it works while it leads, and until then stands by, with nothing open but its connections. Having lost its term
 * it ends by `fail`, and is to be started again: it then stands by.
 */
export async function leadMonitor(role: RoleParts, url: Secret, fail: (error: unknown) => void): Promise<RunningRole> {
  const { clock, log } = role;
  const holder = `${hostname()} (process ${process.pid})`;
  const store = await openPostgresStore(url, auditHash, columnCodec, { holder });
  let { loaded } = role;
  let monitor: RunningRole | undefined;
  /** Starting and stopping, one after the other. */
  let changing: Promise<void> = Promise.resolve();
  let keeper: { stop(): Promise<void> } | undefined;

  // The store outlives the monitor on it: the lease is let go last.
  const open = () => Promise.resolve({ ...store, close: () => Promise.resolve() });
  const start = async () => {
    log.info({ holder, term: store.leader.term }, "this monitor leads");
    monitor = await wireMonitor({ ...role, loaded }, open);
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopOnce());
  async function stopOnce(): Promise<void> {
    await changing.catch(() => undefined);
    await monitor?.stop();
    monitor = undefined;
    await keeper?.stop();
    await store.close();
  }
  const stopAndFail = (error: unknown) =>
    void stop().then(
      () => fail(error),
      (problem: unknown) => fail(new AggregateError([error, problem])),
    );

  try {
    const isLeading = (await store.leader.acquire()) !== undefined;
    keeper = keepLeadership({
      ...{ leader: store.leader, clock, leaseMs: defaultLeaseMs, isLeading },
      onGained() {
        changing = start();
        changing.catch(stopAndFail);
      },
      onLost: () => stopAndFail(lostTerm()),
      onError: (error) => log.warn({ error: describeError(error) }, "asking PostgreSQL who leads failed"),
    });
    if (isLeading) await (changing = start());
    else log.info(await whoLeads(store), "another monitor leads; this one stands by");
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get greeting() {
      return (
        monitor?.greeting ??
        "Another monitor on this database leads; this one stands by, and takes over when that ends.\n"
      );
    },
    get notice() {
      return monitor?.notice;
    },
    stop,
    reconfigure(next) {
      loaded = next;
      monitor?.reconfigure(next);
    },
    showConfigError: (message) => monitor?.showConfigError(message),
  };
}

async function whoLeads(store: PostgresStore) {
  const row = await store.leader.current();
  return { leader: row?.holder ?? "nobody", term: row?.term ?? 0 };
}

function lostTerm(): AppError {
  return new AppError(
    "lead the monitors on this database: another one took over, or PostgreSQL could not be reached for a whole lease. Started again, this one stands by.",
    { code: "leadership-lost", retryable: true },
  );
}
