import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askPostgres } from "../../../test/support/ask-postgres.ts";
import { clearPostgres, openOn, postgresForSuite, secretUrl } from "../../../test/support/postgres-store.ts";
import { describeError } from "../../lib/app-error.ts";
import { readTransaction } from "../read-transaction.ts";
import { refuseUnfit, targetOf } from "./connect.ts";
import type { PostgresStore } from "./open-postgres-store.ts";

const url = postgresForSuite();
const timeouts = { connectMs: 5_000, statementMs: 300, idleInTransactionMs: 5_000 };

describe.skipIf(url === undefined)("opening the store on PostgreSQL", () => {
  const at = (change: (parsed: URL) => void = () => undefined) => {
    const parsed = new URL(url?.() ?? "");
    change(parsed);
    return parsed.href;
  };
  /** Of an opening that has to fail: everything of the error that could be printed. */
  const failure = async (text: string, limits = timeouts) => {
    const error: unknown = await openOn(text, { holder: "test", timeouts: limits }).then(
      () => expect.unreachable("it opened"),
      (problem: unknown) => problem,
    );
    return { error, printed: `${describeError(error)} ${inspect(error, { depth: 9 })}` };
  };

  test("a wrong password names the user and where the URL came from, and is shown nowhere", async () => {
    const { error, printed } = await failure(at((parsed) => (parsed.password = "hunter%2B2")));
    expect(error).toMatchObject({ code: "store-unauthorized", retryable: false });
    expect(printed).toMatch(/tester.*env SLOTKEEPER_DATABASE_URL/s);
    expect(printed).not.toMatch(/hunter/);
  });

  test("a database that is not there comes with the command that makes it", async () => {
    const { error, printed } = await failure(at((parsed) => (parsed.pathname = "/nowhere")));
    expect(error).toMatchObject({ code: "store-database-missing" });
    expect(printed).toContain("--owner=tester nowhere");
    expect(printed).not.toContain("secret@");
  });

  test("a server that is not there, and one that never answers, may answer later", async () => {
    const absent = await failure("postgres://u:hunter2@127.0.0.1:1/db");
    expect(absent.error).toMatchObject({ code: "store-unreachable", retryable: true });
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const unheard = await failure(`postgres://u:hunter2@127.0.0.1:${port}/db`, { ...timeouts, connectMs: 200 });
    silent.close();
    expect(unheard.error).toMatchObject({ code: "store-unreachable", retryable: true });
    expect(absent.printed + unheard.printed).not.toContain("hunter2");
  });

  test("a server without TLS is told where the URL asks for it", async () => {
    const { error } = await failure(at((parsed) => parsed.searchParams.set("sslmode", "verify-full")));
    expect(error).toMatchObject({ code: "store-tls" });
  });

  test("a user that may make no tables is told what to grant", async () => {
    await askPostgres(at(), "CREATE USER guest PASSWORD 'hunter2'");
    const { error, printed } = await failure(
      at((parsed) => {
        parsed.username = "guest";
        parsed.password = "hunter2";
      }),
    );
    expect(error).toMatchObject({ code: "store-forbidden" });
    expect(printed).toContain('OWNER TO "guest"');
  });

  test("a text that is no URL is told without it", async () => {
    const { error, printed } = await failure("postgres://u:hunter2@[/db");
    expect(error).toMatchObject({ code: "store-url" });
    expect(printed).not.toContain("hunter2");
  });

  test.each([
    [{ version: 130_018 }, "store-too-old"],
    [{ encoding: "SQL_ASCII" }, "store-encoding"],
    [{ isReplica: true }, "store-read-only"],
    [{ schema: null }, "store-forbidden"],
  ] as const)("a server with %j is refused", (facts, code) => {
    const fit = { version: 140_000, encoding: "UTF8", isReplica: false, schema: "public" };
    const target = targetOf(secretUrl("postgres://u:p@h/d"));
    expect(refuseUnfit(fit, target)).toBe("public");
    expect(() => refuseUnfit({ ...fit, ...facts }, target)).toThrow(expect.objectContaining({ code }) as Error);
  });

  describe("once it is open", () => {
    let store: PostgresStore;
    beforeEach(async () => {
      store = await openOn(at(), { holder: "test", timeouts });
      await store.leader.acquire();
    });
    afterEach(async () => {
      await store.close();
      await clearPostgres(at());
    });

    test("monitors that start at once make the tables once", async () => {
      await clearPostgres(at());
      const opened = await Promise.all([1, 2, 3].map(() => openOn(at(), { holder: "test" })));
      await Promise.all(opened.map((each) => each.close()));
      expect(await askPostgres(at(), "SELECT count(*)::int AS n FROM leader")).toEqual([{ n: 1 }]);
    });

    test("tables of another program in another schema are not taken for its own", async () => {
      await clearPostgres(at());
      await askPostgres(
        at(),
        "CREATE SCHEMA other; CREATE TABLE other.kysely_migration (name text); INSERT INTO other.kysely_migration VALUES ('9999-theirs')",
      );
      const second = await openOn(at(), { holder: "test" });
      await second.close();
      await askPostgres(at(), "DROP SCHEMA other CASCADE");
    });

    test("reads do not wait for a write, and do not see it before its end", async () => {
      await store.settings.set("a", "before", 1);
      await store.db.transaction().execute(async (tx) => {
        await tx.updateTable("settings").set({ value: "after" }).execute();
        expect(await store.settings.get("a")).toBe("before");
      });
      expect(await store.settings.get("a")).toBe("after");
    });

    test("reads that belong together see one instant, and cannot write", async () => {
      await store.settings.set("a", "before", 1);
      await readTransaction(store.db).execute(async (tx) => {
        const value = () => tx.selectFrom("settings").select("value").executeTakeFirst();
        expect(await value()).toEqual({ value: "before" });
        await store.settings.set("a", "after", 2);
        expect(await value()).toEqual({ value: "before" });
      });
      const write = readTransaction(store.db).execute((tx) => tx.deleteFrom("settings").execute());
      await expect(write).rejects.toMatchObject({ code: "store-read-only" });
      expect(await store.settings.get("a")).toBe("after");
    });

    test("a statement that takes too long is ended, and the next one works", async () => {
      const other = askPostgres(at(), "BEGIN; LOCK TABLE settings; SELECT pg_sleep(1); COMMIT");
      const locked = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'settings'::regclass";
      while ((await askPostgres(at(), locked)).length === 0);
      await expect(store.settings.set("a", "1", 1)).rejects.toMatchObject({ code: "store-timeout", retryable: true });
      await other;
      await store.settings.set("a", "2", 1);
      expect(await store.settings.get("a")).toBe("2");
    });

    test("connections that the server ends are made anew, and nothing ends the process", async () => {
      const end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slotkeeper monitor'";
      const broken = store.db.transaction().execute(async (tx) => {
        await tx.insertInto("settings").values({ name: "a", value: "lost", updatedAt: 1 }).execute();
        await askPostgres(at(), end);
        await tx.insertInto("settings").values({ name: "b", value: "lost", updatedAt: 1 }).execute();
      });
      await expect(broken).rejects.toMatchObject({ code: "store-unreachable", retryable: true });
      await store.settings.set("b", "kept", 1);
      expect(await store.settings.get("a")).toBeUndefined();
      expect(await store.settings.get("b")).toBe("kept");
    });

    test("it takes six connections at most, however much is asked at once", async () => {
      const work = Array.from({ length: 40 }, (_, index) =>
        Promise.all([store.settings.set(`s${index}`, "x", 1), store.settings.get(`s${index}`)]),
      );
      const counted = askPostgres(
        at(),
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'slotkeeper monitor'",
      );
      await Promise.all(work);
      const [row] = await counted;
      expect(Number(row?.["n"])).toBeLessThanOrEqual(6);
      const [after] = await askPostgres(
        at(),
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'slotkeeper monitor'",
      );
      expect(Number(after?.["n"])).toBeGreaterThan(1);
      expect(Number(after?.["n"])).toBeLessThanOrEqual(6);
    });
  });
});
