import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPostgres, startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { Secret } from "../secret.ts";
import { queryPostgres } from "./query-postgres.ts";
import { readPostgres } from "./read-postgres.ts";

const bin = findPostgres();
const limits = { maxRows: 100_000, maxBytes: 10_000_000, timeoutMs: 10_000 };
const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;

describe.skipIf(bin === undefined)("a PostgreSQL query", () => {
  let server: TestPostgres;
  const signal = new AbortController().signal;
  const url = () => new Secret(server.url, "env INVENTORY_URL");
  const ask = (query: string, changes: Partial<typeof limits> = {}, until = signal) =>
    queryPostgres(url(), query, { ...limits, ...changes }, until);
  const read = (query: string) =>
    readPostgres(
      { name: "inventory", kind: "postgres", url: url(), query, labels: {}, metrics: undefined, refreshMs: 5_000 },
      queryPostgres,
      signal,
    );

  beforeAll(async () => {
    server = await startPostgres(bin ?? "");
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query("CREATE SEQUENCE n");
    await client.query("CREATE TABLE validators (pubkey bytea, index bigint, customer text, active boolean, rack int)");
    await client.query(
      "INSERT INTO validators SELECT decode(lpad(to_hex(n), 96, '0'), 'hex'), n, CASE WHEN n % 2 = 0 THEN 'acme' END, true, n % 3 FROM generate_series(1, 5000) n",
    );
    await client.end();
  }, 60_000);
  afterAll(() => server.stop());

  test("gives validators of more than one page, with labels of any type; a null is no label", async () => {
    const reading = await read('SELECT pubkey, "index", customer, active, rack FROM validators ORDER BY "index";');
    expect(reading).toMatchObject({ ok: true, skipped: [] });
    if (!reading.ok) return;
    expect(reading.validators).toHaveLength(5_000);
    expect(reading.validators[0]).toEqual({ pubkey: key(1), index: 1, labels: { active: "t", rack: "1" } });
    expect(reading.validators[4_999]).toEqual({
      pubkey: key(5_000),
      index: 5_000,
      labels: { customer: "acme", active: "t", rack: "2" },
    });
  });

  test("keys may be text, and rows that are no validator are told by number", async () => {
    const reading = await read(
      `SELECT * FROM (VALUES ('${key(7)}', 'a'), ('0x12', 'b'), (NULL, 'c')) AS t (pubkey, operator)`,
    );
    expect(reading).toMatchObject({
      ok: true,
      validators: [{ pubkey: key(7), labels: { operator: "a" } }],
      skipped: ['row 2: "0x12" is not a key', "row 3: has neither key nor index"],
    });
  });

  test("a query without key or index is told by its columns", async () => {
    expect(await read("SELECT customer FROM validators")).toMatchObject({
      ok: false,
      error: { code: "source-bad-columns", message: expect.stringContaining('the columns are "customer"') as unknown },
    });
  });

  test.each([
    "DELETE FROM validators RETURNING pubkey",
    "WITH gone AS (DELETE FROM validators RETURNING pubkey) SELECT pubkey FROM gone",
    "SELECT pubkey FROM validators; DROP TABLE validators",
    "SELECT 1; COMMIT; DROP TABLE validators",
    "SELECT nextval('n')",
    "SELECT pubkey FROM nowhere",
  ])("%s fails and changes nothing", async (query) => {
    expect(await ask(query)).toMatchObject({ ok: false, error: { code: "source-query-failed" } });
    expect(await ask("SELECT count(*) AS index FROM validators")).toEqual({
      ok: true,
      columns: ["index"],
      rows: [["5000"]],
    });
  });

  test("rows and bytes have a bound", async () => {
    const many = "SELECT generate_series(1, 1000000000) AS index";
    expect(await ask(many, { maxRows: 3_000 })).toMatchObject({ ok: false, error: { code: "source-too-large" } });
    expect(await ask(many, { maxBytes: 1_000 })).toMatchObject({ ok: false, error: { code: "source-too-large" } });
  });

  test("a slow query ends at its timeout, and when nobody waits any more", async () => {
    const timeout = await ask("SELECT pg_sleep(60)", { timeoutMs: 100 });
    expect(timeout).toMatchObject({ ok: false, error: { code: "source-timeout" } });
    const stop = new AbortController();
    const asked = ask("SELECT pg_sleep(60)", {}, stop.signal);
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const running = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'slotkeeper' AND query LIKE 'FETCH%'";
    while ((await client.query(running)).rowCount === 0) await new Promise((resolve) => setImmediate(resolve));
    await client.end();
    stop.abort();
    expect(await asked).toMatchObject({ ok: false, error: { code: "source-timeout" } });
    expect(await ask("SELECT 1", {}, stop.signal)).toMatchObject({ ok: false, error: { code: "source-timeout" } });
  });

  test("a wrong password, and a server that is not there, are told without the password", async () => {
    const wrong = new Secret(server.url.replace("secret", "hunter2"), "env INVENTORY_URL");
    const refused = await queryPostgres(wrong, "SELECT 1", limits, signal);
    expect(refused).toMatchObject({ ok: false, error: { code: "source-unauthorized" } });
    const absent = new Secret("postgres://tester:hunter2@127.0.0.1:1/postgres", "env INVENTORY_URL");
    const unreachable = await queryPostgres(absent, "SELECT 1", limits, signal);
    expect(unreachable).toMatchObject({ ok: false, error: { code: "source-unreachable" } });
    expect(JSON.stringify([refused, unreachable])).not.toContain("hunter2");
  });

  test("a text that is no URL is an error, not a crash", async () => {
    const nonsense = new Secret("postgres://[", "env INVENTORY_URL");
    expect(await queryPostgres(nonsense, "SELECT 1", limits, signal)).toMatchObject({ ok: false });
  });
});
