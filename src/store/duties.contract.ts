import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DutyCursor, DutyRetention, DutyStore, ExceptionQuery } from "../duties/ports.ts";
import type { DutyException, EpochResult } from "../duties/types.ts";
import { someEpoch, someException, someTotals } from "./duty-fixture.ts";
import type { StoreUnderTest } from "./store.contract.ts";
import type { Store } from "./store.ts";

const cursor = (provisionalEpoch: number, finalEpoch = provisionalEpoch - 2): DutyCursor => ({
  provisionalEpoch,
  finalEpoch,
});
const retention = (changes: Partial<DutyRetention> = {}): DutyRetention => ({
  ...{ columnEpochs: 10_000, exceptionEpochs: 10_000, cohortEpochs: 10_000, dailyCohortDays: 1_000, epochsPerDay: 4 },
  ...changes,
});

/** What every store does with judged duties. */
export function dutyStoreContract(stores: readonly StoreUnderTest[]): void {
  describe.each(stores)("duties: $name", (under) => {
    let store: Store;
    let duties: DutyStore;
    beforeEach(async () => {
      store = await under.open();
      ({ duties } = store);
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    const save = async (...results: EpochResult[]) => {
      for (const result of results) await duties.saveEpoch(result, cursor(result.epoch));
    };
    const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => someEpoch(from + i));
    const columnsOf = async (from: number, to: number) => {
      const found = [];
      for await (const item of duties.columns(from, to)) found.push(item);
      return found;
    };
    const rowCounts = async () => {
      const counts: Record<string, number> = {};
      for (const { name } of await store.db.introspection.getTables()) {
        if (!name.startsWith("duty")) continue;
        const table = store.db.selectFrom(name as "dutyEpochs").select(({ fn }) => fn.countAll().as("rows"));
        counts[name] = Number((await table.executeTakeFirstOrThrow()).rows);
      }
      return counts;
    };

    test("nothing is stored at first, and nothing is made up", async () => {
      expect(await duties.cursor()).toBeUndefined();
      expect(await duties.lastEpoch("live")).toBeUndefined();
      expect(await duties.result(1)).toBeUndefined();
      expect(await columnsOf(0, 1_000)).toEqual([]);
      expect(await duties.exceptions({ limit: 5 })).toEqual({ items: [] });
      expect(await duties.expire(1_000_000, retention())).toBe(0);
    });

    test("an epoch comes back whole: unknown stays unknown, amounts are exact, order is kept", async () => {
      await save(...span(4, 6));
      for (const result of span(4, 6)) expect(await duties.result(result.epoch)).toEqual(result);
      expect(await duties.cursor()).toEqual(cursor(6));
      const [stored] = await duties.epochs(5, 5);
      expect(stored).toEqual({
        committeesPerSlot: 4,
        ...{ epoch: 5, state: "final", judgedAt: 2 ** 41 + 5, headRoot: someEpoch(5).headRoot, fork: "electra" },
        ...{ rewards: "node", caveats: [], network: someTotals(55), watched: someTotals(5) },
      });
      expect((await duties.epochs(0, 100)).map(({ epoch }) => epoch)).toEqual([4, 5, 6]);
    });

    test("an epoch without anything in it, and one of an empty fleet", async () => {
      const bare = {
        ...someEpoch(3, "live", 0, 6),
        ...{ cohorts: [], proposals: [], sync: [], slashings: [], exceptions: [], slots: [] },
      };
      await save(bare);
      expect(await duties.result(3)).toEqual(bare);
      expect((await duties.epochs(3, 3))[0]?.watched.validators).toBe(0);
      const nobody = { ...bare, columns: { ...bare.columns } };
      for (const [name, column] of Object.entries(nobody.columns))
        Object.assign(nobody.columns, { [name]: column.slice(0, 0) });
      await save(nobody);
      expect(await duties.result(3)).toEqual(nobody);
    });

    test("each state replaces the one before, whole; saving twice changes nothing", async () => {
      await save(someEpoch(9, "live", 2));
      await save(someEpoch(9, "provisional", 1));
      expect(await duties.result(9)).toEqual(someEpoch(9, "provisional", 1));
      await save(someEpoch(9, "final", 0));
      const once = await rowCounts();
      await save(someEpoch(9, "final", 0));
      expect(await duties.result(9)).toEqual(someEpoch(9, "final", 0));
      expect(await rowCounts()).toEqual(once);
      expect((await duties.exceptions({ limit: 100 })).items).toHaveLength(someEpoch(9).exceptions.length);
      expect(await duties.cohorts(0, 100)).toHaveLength(4);
    });

    test("a lower state replaces a higher one only where that is asked for", async () => {
      await save(someEpoch(9, "final", 0));
      await duties.saveEpoch(someEpoch(9, "provisional", 1), cursor(11));
      expect(await duties.result(9)).toEqual(someEpoch(9, "final", 0));
      expect(await duties.cursor()).toEqual(cursor(11));
      await duties.saveEpoch(someEpoch(9, "provisional", 1), cursor(9, 8), { mayLower: true });
      expect(await duties.result(9)).toEqual(someEpoch(9, "provisional", 1));
      expect(await duties.cursor()).toEqual(cursor(9, 8));
    });

    test("an epoch that fails to be saved leaves the one before and the cursor as they were", async () => {
      await save(someEpoch(9, "live", 1));
      const broken = [
        { ...someEpoch(9), sync: [{ ...someEpoch(9).sync[0], seats: null as never }] as EpochResult["sync"] },
        { ...someEpoch(9), network: { ...someTotals(1), earned: 0.5 } },
        { ...someEpoch(9), columns: { ...someEpoch(9).columns, delay: new Uint8Array(2) } },
      ];
      for (const result of broken) await expect(duties.saveEpoch(result, cursor(99))).rejects.toThrow();
      expect(await duties.result(9)).toEqual(someEpoch(9, "live", 1));
      expect(await duties.cursor()).toEqual(cursor(9));
    });

    test("balances come back whatever the epochs before them were", async () => {
      // Backwards, far apart, and with a fleet that changes in the middle.
      const results = [40, 39, 41, 80, 42, 43].map((epoch) => someEpoch(epoch, "final", 0, epoch > 41 ? 900 : 6));
      await save(...results);
      await save(someEpoch(40, "final", 5));
      for (const result of results.slice(1))
        expect((await duties.result(result.epoch))?.columns).toEqual(result.columns);
      expect((await duties.result(40))?.columns).toEqual(someEpoch(40, "final", 5).columns);
    });

    test("saves and reads that come together do not mix", async () => {
      const work = span(1, 6).flatMap(({ epoch }) => [
        duties.saveEpoch(someEpoch(epoch, "live", 2), cursor(epoch)),
        duties.saveEpoch(someEpoch(epoch), cursor(epoch)),
        // What is read while it is written is one of the two, whole.
        duties
          .result(epoch)
          .then((result) => result && expect([someEpoch(epoch, "live", 2), someEpoch(epoch)]).toContainEqual(result)),
        duties.exceptions({ limit: 100 }),
      ]);
      await Promise.all(work);
      for (const result of span(1, 6)) expect(await duties.result(result.epoch)).toEqual(result);
      expect(await duties.cursor()).toEqual(cursor(6));
    });

    test("the newest epoch of each state", async () => {
      await save(someEpoch(1, "final"), someEpoch(2, "provisional"), someEpoch(3, "live"));
      expect(await duties.lastEpoch("final")).toBe(1);
      expect(await duties.lastEpoch("provisional")).toBe(2);
      expect(await duties.lastEpoch("live")).toBe(3);
    });

    test("columns come one epoch at a time, oldest first, and other work comes in between", async () => {
      await save(...span(1, 5));
      let turns = 0;
      const tick = () => {
        turns++;
        ticking = setImmediate(tick);
      };
      let ticking = setImmediate(tick);
      const seen: number[] = [];
      for await (const { epoch, state, columns } of duties.columns(2, 9)) {
        seen.push(epoch);
        expect(state).toBe("final");
        expect(columns).toEqual(someEpoch(epoch).columns);
        // Judged again while it is read: what comes is one of the two, whole.
        if (epoch === 3) await save(someEpoch(4, "final", 1), someEpoch(4));
      }
      clearImmediate(ticking);
      expect(seen).toEqual([2, 3, 4, 5]);
      expect(turns).toBeGreaterThanOrEqual(3);
    });

    test("damaged columns are named with their epoch; the others can still be read", async () => {
      await save(...span(1, 3));
      const bytes = Uint8Array.of(1, 2, 3);
      await store.db.updateTable("dutyColumns").set({ bytes }).where("epoch", "=", 2).execute();
      await expect(duties.result(2)).rejects.toMatchObject({ code: "duty-columns-damaged" });
      await expect(columnsOf(2, 3)).rejects.toThrow(/epoch 2/);
      expect(await columnsOf(3, 3)).toHaveLength(1);
      await store.db.updateTable("dutyFindings").set({ bytes }).where("epoch", "=", 3).execute();
      await expect(duties.exceptions({ limit: 1 })).rejects.toThrow(/epoch 3/);
    });

    test("cohorts by epoch, by key, by value", async () => {
      await save(...span(1, 200));
      expect(await duties.cohorts(7, 7, "customer")).toEqual([
        { epoch: 7, key: "customer", value: "acme", totals: someTotals(8) },
        { epoch: 7, key: "customer", value: "zeta", totals: someTotals(9) },
      ]);
      const acme = await duties.cohorts(1, 1_000, "customer", "acme");
      expect(acme.map(({ epoch }) => epoch)).toEqual(span(1, 200).map(({ epoch }) => epoch));
      expect(await duties.cohorts(7, 7, "customer", "nobody")).toEqual([]);
      expect(await duties.cohorts(7, 8, "")).toHaveLength(2);
    });

    test("cohorts come in the order of their bytes, whatever the locale of the machine or the database", async () => {
      const names = ["B", "Z", "a", "b", "é", "\u{1f680}"];
      const cohorts = names.toReversed().map((value) => ({ key: "customer", value, totals: someTotals(1) }));
      await save({ ...someEpoch(1), cohorts });
      expect((await duties.cohorts(1, 1)).map(({ value }) => value)).toEqual(names);
    });

    test("exceptions come newest first, page by page, through every filter", async () => {
      const results = span(1, 150);
      await save(...results);
      const all = results.flatMap(({ exceptions }) => exceptions).reverse();
      const through = async (query: Omit<ExceptionQuery, "limit">, limit = 7) => {
        const items: DutyException[] = [];
        for (let before: string | undefined; ;) {
          const page = await duties.exceptions({ ...query, limit, ...(before === undefined ? {} : { before }) });
          items.push(...page.items);
          if (page.nextBefore === undefined) return items;
          expect(page.items).toHaveLength(limit);
          before = page.nextBefore;
        }
      };
      expect(await through({})).toEqual(all);
      expect(await through({}, 1_000)).toEqual(all);
      expect(await through({ fromEpoch: 50, toEpoch: 52 })).toEqual(
        all.filter(({ epoch }) => epoch >= 50 && epoch <= 52),
      );
      expect(await through({ validatorIndex: 6 })).toEqual(all.filter(({ validatorIndex }) => validatorIndex === 6));
      expect(await through({ kind: "slashing" })).toEqual(all.filter(({ kind }) => kind === "slashing"));
      expect(await through({ kind: "proposal", outcome: "missed" })).toEqual(
        all.filter(({ kind }) => kind === "proposal"),
      );
      expect(await through({ outcome: "late", fromEpoch: 149 })).toEqual(
        all.filter(({ epoch, outcome }) => epoch >= 149 && outcome === "late"),
      );
      expect(await through({ cause: "node-down" }, 3)).toEqual(all.filter(({ cause }) => cause.code === "node-down"));
      expect(await through({ cause: "node-down", validatorIndex: 0, toEpoch: 20 })).toEqual(
        all.filter((it) => it.cause.code === "node-down" && it.epoch <= 20),
      );
      expect(await through({ outcome: "underpaid" })).toEqual([]);
      expect(await through({ cause: "never-heard-of" })).toEqual([]);
      await expect(duties.exceptions({ limit: 1, before: "1 OR 1=1" })).rejects.toMatchObject({ code: "bad-cursor" });
    });

    test("a burst with one cause stores its words once", async () => {
      const burst = Array.from({ length: 3_000 }, (_, i) =>
        someException(4, { validatorIndex: i, slot: 32 + (i % 8) }),
      );
      await save({ ...someEpoch(4), exceptions: burst });
      const found = await duties.exceptions({ limit: 5_000 });
      expect(found.items).toHaveLength(3_000);
      expect(new Set(found.items.map(({ validatorIndex }) => validatorIndex)).size).toBe(3_000);
      const { bytes } = await store.db.selectFrom("dutyFindings").selectAll().executeTakeFirstOrThrow();
      expect(bytes.length).toBeLessThan(300);
    });

    test("proposals, sync committees and slashings by span and validator", async () => {
      await save(...span(4, 11));
      const numbered = <K extends "proposals" | "sync" | "slashings">(key: K) =>
        span(4, 11).flatMap((result) => result[key].map((item) => ({ ...item, epoch: result.epoch })));
      const whole = { fromEpoch: 0, toEpoch: 100 };
      expect(await duties.proposals(whole)).toEqual(numbered("proposals"));
      expect(await duties.proposals({ fromEpoch: 5, toEpoch: 5, validatorIndex: 3 })).toHaveLength(1);
      expect(await duties.syncOutcomes(whole)).toEqual(numbered("sync"));
      expect(await duties.syncOutcomes({ ...whole, validatorIndex: 6 })).toHaveLength(8);
      expect(await duties.slashings(0, 100)).toEqual(numbered("slashings"));
    });

    test("gaps are kept once, found by what they touch, and shrink as their epochs are judged after all", async () => {
      const gap = { fromEpoch: 10, toEpoch: 20, reason: "state-not-kept", detail: "bn1", recordedAt: 5 };
      await duties.saveGap(gap, cursor(20));
      await duties.saveGap({ ...gap, recordedAt: 6 }, cursor(21));
      expect(await duties.gaps(20, 30)).toEqual([{ ...gap, recordedAt: 6 }]);
      expect(await duties.gaps(21, 30)).toEqual([]);
      expect(await duties.cursor()).toEqual(cursor(21));
      await save(someEpoch(15), someEpoch(10), someEpoch(20));
      expect((await duties.gaps(0, 100)).map(({ fromEpoch, toEpoch }) => [fromEpoch, toEpoch])).toEqual([
        [11, 14],
        [16, 19],
      ]);
    });

    test("tiers go at their age, and cohorts become days before they go", async () => {
      await save(...span(1, 30));
      // With six epochs before genesis, days of four epochs begin at epochs -2, 2, 6 …: day 2 holds 2 to 5.
      const keep = retention({ columnEpochs: 10, exceptionEpochs: 20, cohortEpochs: 14, epochsBeforeGenesis: 6 });
      expect(await duties.expire(30, keep)).toBeGreaterThan(0);
      expect((await columnsOf(0, 100)).map(({ epoch }) => epoch)[0]).toBe(20);
      expect((await duties.exceptions({ limit: 1_000 })).items.at(-1)?.epoch).toBe(10);
      expect((await duties.proposals({ fromEpoch: 0, toEpoch: 100 }))[0]?.epoch).toBe(10);
      expect((await duties.cohorts(0, 100, ""))[0]?.epoch).toBe(14);
      expect((await duties.epochs(0, 100))[0]?.epoch).toBe(10);
      const days = await duties.cohortDays(0, 100, "customer", "acme");
      expect(days.map(({ day, epochs }) => [day, epochs])).toEqual([
        [1, 1],
        [2, 4],
        [3, 4],
        [4, 4],
      ]);
      const sum = (key: "assigned" | "earned") =>
        [2, 3, 4, 5].reduce((total, epoch) => total + someTotals(epoch + 1)[key], 0);
      expect(days[1]?.totals).toMatchObject({ assigned: sum("assigned"), earned: sum("earned") });
      const { validators, stake, slashed } = someTotals(6);
      expect(days[1]?.totals).toMatchObject({ validators, stake, slashed });
      expect(await duties.expire(30, keep)).toBe(0);
      for (const epoch of [20, 25, 30]) expect((await duties.result(epoch))?.columns).toEqual(someEpoch(epoch).columns);
    });

    test("an old epoch that is judged again after its day was summed up is not counted twice", async () => {
      await save(...span(0, 11));
      const keep = retention({ cohortEpochs: 2 });
      await duties.expire(11, keep);
      const days = await duties.cohortDays(0, 100);
      await save(someEpoch(2, "final", 1));
      await duties.expire(11, keep);
      expect(await duties.cohortDays(0, 100)).toEqual(days);
      expect((await duties.result(2))?.columns).toEqual(someEpoch(2, "final", 1).columns);
    });

    test("days go at their age, and nothing is left of what has no owner", async () => {
      await save(...span(0, 11));
      const nothing = { columnEpochs: 1, exceptionEpochs: 1, cohortEpochs: 1, dailyCohortDays: 2 };
      await duties.expire(11, retention(nothing));
      await duties.expire(1_000, retention(nothing));
      const { dutyMarks: _, ...counts } = await rowCounts();
      expect(Object.values(counts).every((rows) => rows === 0)).toBe(true);
    });

    if (!under.isDurable) return;

    test("everything is there after a restart", async () => {
      await save(...span(1, 20));
      await store.close();
      store = await under.open();
      ({ duties } = store);
      for (const result of span(1, 20)) expect(await duties.result(result.epoch)).toEqual(result);
      await save(someEpoch(21));
      expect(await duties.result(21)).toEqual(someEpoch(21));
    });
  });
}
