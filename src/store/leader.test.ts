import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askPostgres } from "../../test/support/ask-postgres.ts";
import { clearPostgres, openOn, postgresForSuite } from "../../test/support/postgres-store.ts";
import type { PostgresStore } from "./postgres/open-postgres-store.ts";

const url = postgresForSuite();

describe.skipIf(url === undefined)("one leader among monitors on one PostgreSQL", () => {
  const at = () => url?.() ?? "";
  const opened: PostgresStore[] = [];
  const open = async (holder: string, leaseMs = 60_000) => {
    const store = await openOn(at(), { holder, leaseMs });
    opened.push(store);
    return store;
  };
  const runOut = () => askPostgres(at(), 'UPDATE leader SET "leaseUntil" = 1');
  const write = (store: PostgresStore, value: string) => store.settings.set("written-by", value, 1);

  beforeEach(() => clearPostgres(at()));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  test("of two that ask at once one leads, and the other can read and not write", async () => {
    const [a, b] = [await open("a"), await open("b")];
    const terms = await Promise.all([a.leader.acquire(), b.leader.acquire()]);
    expect(terms.filter((term) => term !== undefined)).toEqual([1]);
    const [leads, stands] = terms[0] === undefined ? [b, a] : [a, b];
    await write(leads, "leader");
    expect(await stands.settings.get("written-by")).toBe("leader");
    await expect(write(stands, "other")).rejects.toMatchObject({ code: "store-not-leader", retryable: true });
    await expect(stands.history.expire(1, 1)).rejects.toMatchObject({ code: "store-not-leader" });
    await expect(stands.db.deleteFrom("settings").execute()).rejects.toMatchObject({ code: "store-not-leader" });
    expect(await stands.settings.get("written-by")).toBe("leader");
    expect(await stands.leader.current()).toMatchObject({ holder: leads === a ? "a" : "b", term: 1 });
  });

  test("a leader that was killed is followed once its lease has run out, not before", async () => {
    const a = await open("a");
    await a.leader.acquire();
    await askPostgres(
      at(),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slotkeeper monitor'",
    );
    const b = await open("b");
    expect(await b.leader.acquire()).toBeUndefined();
    await runOut();
    expect(await b.leader.acquire()).toBe(2);
    await write(b, "b");
  });

  test("a leader that comes back after its lease finds its term gone: nothing that it writes is kept", async () => {
    const [a, b] = [await open("a"), await open("b")];
    await a.leader.acquire();
    await runOut();
    await expect(write(a, "late")).rejects.toMatchObject({ code: "store-not-leader" });
    await b.leader.acquire();
    await write(b, "b");
    expect(a.leader.term).toBe(1);
    await expect(write(a, "late")).rejects.toMatchObject({ code: "store-not-leader" });
    expect(await a.leader.renew()).toBe(false);
    expect(a.leader.term).toBeUndefined();
    expect(await b.settings.get("written-by")).toBe("b");
  });

  test("a late renewal keeps the term where nobody took over", async () => {
    const a = await open("a");
    await a.leader.acquire();
    await runOut();
    expect(await a.leader.renew()).toBe(true);
    await write(a, "a");
    expect((await a.leader.current())?.leaseLeftMs).toBeGreaterThan(50_000);
  });

  test("nobody takes over in the middle of a write, and the lease is renewed meanwhile", async () => {
    const [a, b] = [await open("a"), await open("b")];
    await a.leader.acquire();
    const order: string[] = [];
    let takeover: Promise<unknown> = Promise.resolve();
    await a.db.transaction().execute(async (tx) => {
      expect(await a.leader.renew()).toBe(true);
      await runOut();
      takeover = b.leader.acquire().then((term) => order.push(`b leads in term ${term}`));
      await waitingForLock();
      await tx.insertInto("settings").values({ name: "x", value: "a", updatedAt: 1 }).execute();
      order.push("a is about to commit");
    });
    await takeover;
    expect(order).toEqual(["a is about to commit", "b leads in term 2"]);
    expect(await b.settings.get("x")).toBe("a");
  });

  test("who lets go is followed at once", async () => {
    const [a, b] = [await open("a"), await open("b")];
    await a.leader.acquire();
    await a.close();
    opened.splice(0, 1);
    expect(await b.leader.acquire()).toBe(2);
  });

  test("a process that hangs within a transaction does not keep the others out", async () => {
    const timeouts = { connectMs: 5_000, statementMs: 5_000, idleInTransactionMs: 100 };
    const a = await openOn(at(), { holder: "a", leaseMs: 100, timeouts });
    opened.push(a);
    const b = await open("b");
    await a.leader.acquire();
    const hung = a.db.transaction().execute(async (tx) => {
      await tx.insertInto("settings").values({ name: "x", value: "a", updatedAt: 1 }).execute();
      let term: number | undefined;
      while (term === undefined) term = await b.leader.acquire();
    });
    await expect(hung).rejects.toThrow();
    expect(await b.settings.get("x")).toBeUndefined();
    await write(b, "b");
  });

  /** Until some session of the monitors waits for another one's lock. */
  async function waitingForLock(): Promise<void> {
    const client = new Client({ connectionString: at() });
    await client.connect();
    try {
      const waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'update \"leader\"%'";
      while ((await client.query(waiting)).rowCount === 0) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      await client.end();
    }
  }
});
