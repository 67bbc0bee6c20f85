import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditRecord } from "../access/audit.ts";
import type { HistorySample, LostSpan } from "../control/observed-gateway.ts";
import type { DrillRecord } from "../drills/types.ts";
import type { Transition } from "../upstream/types.ts";
import { fromBigInt, maxStoredInteger, toBigInt, toNumber, type StoredInteger } from "./codec.ts";
import { drillStore } from "./drill-store.ts";
import type { Store } from "./store.ts";

/** A store to hold against the contract. */
export interface StoreUnderTest {
  name: string;
  /** Opens the store; called again on the same data where `isDurable`. */
  open(): Promise<Store>;
  /** Removes the data. */
  clear(): Promise<void>;
  isDurable: boolean;
}

const t = (detail: string, changes: Partial<Transition> = {}): Transition => ({
  ...{ at: 1_000, group: "default", node: "bn1", kind: "health", from: "ready", to: "down" },
  ...{ reason: "connection-refused", detail, ...changes },
});
const cursor = (after: number, startedAt = 10) => ({ startedAt, after, readAt: 2_000 });
const items = (...details: string[]) => details.map((detail, index) => ({ seq: index + 1, item: t(detail) }));
const lost: LostSpan = { gateway: "main", stream: "transitions", fromAt: 100, toAt: 200, count: 7 };
const drill = (id: string, startedAt: number, changes: Partial<DrillRecord> = {}): DrillRecord => ({
  ...{ id, gateway: "main", group: "default", node: "bn1", kind: "hang", by: "alice", outcome: "passed" },
  ...{ askedAt: startedAt - 1, startedAt, liftedAt: startedAt + 30_000, endedAt: startedAt + 40_000 },
  findings: [{ reason: "gateway-just-started", detail: "3 s ago", isSoft: true, tryAgainAt: 2 ** 42 }],
  sentence: "Out of service after 412 ms, none failed.",
  score: {
    ...{ detectMs: 412.5, detectReason: "no-answer", switchMs: 80, worstMs: undefined, recoverMs: undefined },
    ...{ dutyRequests: 900, affected: 7, served: 0, failed: 0, retried: 7, unseen: 0 },
  },
  evidence: [
    {
      ...{ at: startedAt + 5, requestId: "r1", client: "10.0.0.1", method: "GET", route: "/eth/v1/x", status: 200 },
      ...{ durationMs: 80, servedBy: "bn2", answers: "bn1 outrun after 80 ms, bn2 answered 200 after 3 ms" },
    },
  ],
  ...changes,
});
const event = (target: string) => ({ at: 5, actor: "alice", action: "node.cordon", target, result: "done" });

/** Each record carries the hash of the one before it, and no number is missing. */
function isChain(records: readonly AuditRecord[]): boolean {
  return records.every(
    ({ id, previousHash }, index) => id === index + 1 && (index === 0 || previousHash === records[index - 1]?.hash),
  );
}

/** What every store does, SQLite and PostgreSQL alike. */
export function storeContract(stores: readonly StoreUnderTest[]): void {
  describe.each(stores)("store: $name", (under) => {
    let store: Store;
    beforeEach(async () => {
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    test("transitions come back newest first, filtered, page by page", async () => {
      const stored = await store.journal.append({ gateway: "main", items: items("a", "b", "c"), cursor: cursor(3) });
      expect(stored.map(({ detail }) => detail)).toEqual(["a", "b", "c"]);
      const view = t("view", { kind: "view" });
      delete view.node;
      await store.journal.append({ gateway: "other", items: [{ seq: 1, item: view }], cursor: cursor(1) });

      const details = async (query: Parameters<Store["journal"]["transitions"]>[0]) =>
        (await store.journal.transitions(query)).map(({ detail }) => detail);
      expect(await details({ limit: 10 })).toEqual(["view", "c", "b", "a"]);
      expect(await details({ limit: 10, node: "bn1" })).toEqual(["c", "b", "a"]);
      expect(await details({ limit: 10, gateway: "other" })).toEqual(["view"]);
      expect(await details({ limit: 10, group: "none" })).toEqual([]);
      expect(await details({ limit: 2, before: stored[2]?.id ?? 0 })).toEqual(["b", "a"]);
      expect((await store.journal.transitions({ limit: 1 }))[0]).not.toHaveProperty("node");
      expect((await store.journal.transitions({ limit: 4 }))[3]).toEqual({
        ...t("a"),
        id: stored[0]?.id,
        gateway: "main",
      });
    });

    test("the same ring item is stored once; the same number of a restarted gateway is another item", async () => {
      await store.journal.append({ gateway: "main", items: items("a"), cursor: cursor(1) });
      const repeated = await store.journal.append({ gateway: "main", items: items("a", "b"), cursor: cursor(2) });
      expect(repeated.map(({ detail }) => detail)).toEqual(["b"]);
      await store.journal.append({ gateway: "main", items: items("after restart"), cursor: cursor(1, 20) });
      expect(await store.journal.transitions({ limit: 10 })).toHaveLength(3);
    });

    test("items, gap and cursor are one transaction", async () => {
      await store.journal.append({ gateway: "main", items: items("a"), lost, cursor: cursor(1) });
      const broken = [
        { seq: 2, item: t("b") },
        { seq: 3, item: { ...t("c"), kind: null as never } },
      ];
      await expect(store.journal.append({ gateway: "main", items: broken, lost, cursor: cursor(3) })).rejects.toThrow();
      expect(await store.journal.transitions({ limit: 10 })).toHaveLength(1);
      expect(await store.journal.lostSpans(0, 1_000)).toEqual([lost]);
      expect(await store.journal.cursor("main", "transitions")).toEqual(cursor(1));
    });

    test("what a node said is stored whatever bytes it has, and the rest of it as it was", async () => {
      const said = "reset\0by \ud800peer é \u{1f680}";
      await store.journal.append({ gateway: "main", items: items(said, "next"), cursor: cursor(2) });
      const [next, first] = await store.journal.transitions({ limit: 10 });
      expect(next?.detail).toBe("next");
      expect(first?.detail).toMatch(/^reset(\0|\ufffd)by \ufffdpeer é \u{1f680}$/u);
    });

    test("cursors are kept by gateway and stream", async () => {
      expect(await store.journal.cursor("main", "evidence")).toBeUndefined();
      await store.journal.skipEvidence("main", cursor(9), { ...lost, stream: "evidence" });
      await store.journal.skipEvidence("main", cursor(12));
      expect(await store.journal.cursor("main", "evidence")).toEqual(cursor(12));
      expect(await store.journal.cursor("main", "transitions")).toBeUndefined();
      expect(await store.journal.lostSpans(0, 1_000)).toHaveLength(1);
    });

    test("lost spans are found by the time that they touch", async () => {
      await store.journal.skipEvidence("main", cursor(1), lost);
      expect(await store.journal.lostSpans(200, 300)).toEqual([lost]);
      expect(await store.journal.lostSpans(201, 300)).toEqual([]);
      expect(await store.journal.lostSpans(0, 99)).toEqual([]);
    });

    test("samples keep unknown values unknown, come oldest first, and are stored once", async () => {
      const base = {
        gateway: "main",
        group: "default",
        readyNodes: 2,
        totalNodes: 3,
        requestsPerSecond: 1.25,
        failedRequests: 4,
      };
      const unknown: HistorySample = { ...base, at: 2_000, headLagSlots: undefined, finalityDistanceEpochs: undefined };
      const known: HistorySample = { ...base, at: 1_000, headLagSlots: 0, finalityDistanceEpochs: 2 };
      await store.history.addSamples([unknown, known]);
      await store.history.addSamples([known]);
      await store.history.addSamples([]);
      expect(await store.history.samples(0)).toEqual([known, unknown]);
      expect(await store.history.samples(1_001)).toEqual([unknown]);
    });

    test("old rows go, and the count of them is told", async () => {
      const sample = {
        gateway: "main",
        group: "g",
        readyNodes: 1,
        totalNodes: 1,
        requestsPerSecond: 0,
        failedRequests: 0,
      };
      const at = (instant: number) => ({
        ...sample,
        at: instant,
        headLagSlots: undefined,
        finalityDistanceEpochs: undefined,
      });
      await store.history.addSamples([at(1), at(2), at(3)]);
      await store.journal.append({ gateway: "main", items: items("a"), lost, cursor: cursor(1) });
      expect(await store.history.expire(3, 1_000)).toBe(3);
      expect(await store.history.samples(0)).toEqual([at(3)]);
      expect(await store.journal.transitions({ limit: 10 })).toHaveLength(1);
    });

    test("the audit is a chain that nobody can change or shorten", async () => {
      for (const target of ["a", "b", "c"]) await store.audit.append(event(target));
      const records = await store.audit.read(0, 10);
      expect(records.map(({ id, target }) => [id, target])).toEqual([
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ]);
      expect(isChain(records)).toBe(true);
      expect(new Set(records.map(({ hash }) => hash)).size).toBe(3);
      await expect(store.db.updateTable("audit").set({ actor: "mallory" }).execute()).rejects.toThrow(/append-only/);
      await expect(store.db.deleteFrom("audit").execute()).rejects.toThrow(/append-only/);
      expect(await store.audit.read(1, 1)).toEqual([records[1]]);
    });

    test("audit records that arrive together are still one chain", async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => store.audit.append(event(String(index)))));
      const records = await store.audit.read(0, 100);
      expect(records).toHaveLength(20);
      expect(isChain(records)).toBe(true);
    });

    test("drills come back whole, newest first, filtered, and one told again is replaced", async () => {
      await store.drills.add(drill("a", 1_000));
      await store.drills.add(drill("b", 2 ** 42, { node: "bn2", gateway: "other", outcome: "aborted" }));
      await store.drills.add(drill("a", 1_000, { outcome: "failed" }));
      const found = await store.drills.past({ limit: 10 });
      expect(found.map(({ id, outcome }) => [id, outcome])).toEqual([
        ["b", "aborted"],
        ["a", "failed"],
      ]);
      const { worstMs: _, recoverMs: __, ...known } = drill("a", 1_000).score;
      expect(found[1]).toEqual({ ...drill("a", 1_000, { outcome: "failed" }), score: known });
      expect(await store.drills.past({ limit: 10, node: "bn2" })).toHaveLength(1);
      expect(await store.drills.past({ limit: 10, gateway: "main", group: "none" })).toEqual([]);
      expect(await store.drills.past({ limit: 1 })).toHaveLength(1);
    });

    test("of drills a bounded number is kept, the newest", async () => {
      const bounded = drillStore(store.db, 2);
      for (const [id, at] of [
        ["new", 3],
        ["old", 1],
        ["middle", 2],
      ] as const)
        await bounded.add(drill(id, at));
      expect((await bounded.past({ limit: 10 })).map(({ id }) => id)).toEqual(["new", "middle"]);
    });

    test("settings are replaced by name", async () => {
      expect(await store.settings.get("first-start")).toBeUndefined();
      await store.settings.set("first-start", "1", 1);
      await store.settings.set("first-start", "2", 2);
      expect(await store.settings.get("first-start")).toBe("2");
    });

    test("integers over 2^53 come back exact through the codec", async () => {
      const amounts = [0n, 32_000_000_000n, 2n ** 53n + 1n, maxStoredInteger, -maxStoredInteger - 1n];
      await sql`CREATE TABLE codec_probe (position integer, amount bigint)`.execute(store.db);
      for (const [index, amount] of amounts.entries())
        await sql`INSERT INTO codec_probe VALUES (${index}, ${fromBigInt(amount)})`.execute(store.db);
      const { rows } = await sql<{ amount: StoredInteger }>`SELECT amount FROM codec_probe ORDER BY position`.execute(
        store.db,
      );
      expect(rows.map(({ amount }) => toBigInt(amount))).toEqual(amounts);
      expect(toNumber(rows[1]?.amount ?? 0)).toBe(32_000_000_000);
      expect(() => toNumber(rows[2]?.amount ?? 0)).toThrow(/too large/);
      expect(() => fromBigInt(2n ** 64n - 1n)).toThrow(/64 signed bits/);
    });

    // Memory forgets by design: these two are not part of its contract.
    if (!under.isDurable) return;

    test("everything is there after a restart, and migrating again changes nothing", async () => {
      await store.journal.append({ gateway: "main", items: items("a"), cursor: cursor(1) });
      await store.audit.append(event("a"));
      await store.close();
      store = await under.open();
      expect(await store.journal.transitions({ limit: 10 })).toHaveLength(1);
      expect((await store.audit.append(event("b"))).id).toBe(2);
      expect(isChain(await store.audit.read(0, 10))).toBe(true);
    });

    test("a store that a newer version wrote is refused, and left as it is", async () => {
      await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', '2099-01-01')`.execute(store.db);
      await store.close();
      await expect(under.open()).rejects.toMatchObject({ code: "store-newer" });
      // The contract's own clean-up closes a store: give it one.
      await under.clear();
      store = await under.open();
    });
  });
}
