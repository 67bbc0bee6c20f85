import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OutboxRules } from "../outbox/ports.ts";
import type { NewMessage } from "../outbox/types.ts";
import type { AlertEvent, RespondCommit, RespondRow, RespondStore } from "../respond/types.ts";
import { outboxStore } from "./outbox/outbox-store.ts";
import { respondStore } from "./respond-store.ts";
import type { StoreUnderTest } from "./store.contract.ts";
import type { Store } from "./store.ts";

const nothing: RespondCommit = { put: [], remove: [], events: [], entries: [], messages: [] };

const row = (kind: RespondRow["kind"], key: string, changes: Partial<RespondRow> = {}): RespondRow => ({
  ...{ kind, key, doc: `{"key":"${key}"}`, isOpen: true, at: 1_000 },
  ...changes,
});

const event = (at: number, changes: Partial<AlertEvent> = {}): AlertEvent => ({
  ...{ fingerprint: "f1", rule: "r1", alert: "Down", kind: "firing", reason: "condition-holds", at },
  ...{ labels: { node: "bn1" }, severity: "critical", summary: "Down.", value: 1 },
  ...changes,
});

const message = (dedupKey: string): NewMessage => ({
  ...{ recipient: "ann", channel: "slack", address: "C1", groupKey: "g1", kind: "page", dedupKey, fallbacks: [] },
  body: { title: "Down", text: "", links: [], severity: "critical" },
});

const entry = (id: string, at: number, text = "text") =>
  ({ id, reference: "INC-1", at, kind: "note", author: "ann", text }) as const;

/** What every store does for alarms and incidents. */
export function respondContract(stores: readonly StoreUnderTest[], rules: OutboxRules): void {
  describe.each(stores)("respond: $name", (under) => {
    let store: Store;
    let respond: RespondStore;
    let ids = 0;
    const parts = { rules, newId: () => `id${++ids}` };
    beforeEach(async () => {
      store = await under.open();
      respond = respondStore(store.db, parts);
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });
    const outbox = () => outboxStore(store.db, parts).find({ limit: 100 });

    test("loads what is open, as it was last written", async () => {
      const put = [row("alert", "b"), row("alert", "a"), row("episode", "a", { isOpen: false })];
      await respond.commit({ ...nothing, put }, 1);
      await respond.commit(
        { ...nothing, put: [row("alert", "a", { doc: "2", at: 5 })], remove: [{ kind: "alert", key: "b" }] },
        2,
      );
      expect(await respond.load()).toEqual([row("alert", "a", { doc: "2", at: 5 })]);
      expect(await respond.row("episode", "a")).toEqual(row("episode", "a", { isOpen: false }));
      expect(await respond.row("episode", "none")).toBeUndefined();
    });

    test("lists rows of a kind, newest first, and pages through them", async () => {
      const put = [1, 2, 3].map((n) => row("incident", `INC-${n}`, { at: n, isOpen: n === 3 }));
      await respond.commit({ ...nothing, put }, 1);
      const keys = async (query: Parameters<RespondStore["rows"]>[1]) =>
        (await respond.rows("incident", query)).map(({ key }) => key);
      expect(await keys({ limit: 2 })).toEqual(["INC-3", "INC-2"]);
      expect(await keys({ limit: 9, before: 2 })).toEqual(["INC-1"]);
      expect(await keys({ limit: 9, isOpen: false })).toEqual(["INC-2", "INC-1"]);
    });

    test("state and messages are kept or lost together", async () => {
      const commit = { ...nothing, put: [row("alert", "a")], entries: [entry("e1", 1)], messages: [message("m1")] };
      await respond.commit(commit, 1);
      expect(await outbox()).toMatchObject([{ dedupKey: "m1", state: "pending" }]);
      const broken = { ...message("m2"), body: undefined } as unknown as NewMessage;
      const failing = { ...nothing, put: [row("alert", "b")], events: [event(1)], messages: [message("m3"), broken] };
      await expect(respond.commit(failing, 2)).rejects.toThrow();
      expect((await respond.load()).map(({ key }) => key)).toEqual(["a"]);
      expect(await respond.events({ limit: 9 })).toEqual([]);
      expect(await outbox()).toHaveLength(1);
    });

    test("writing a timeline twice is writing it once", async () => {
      await respond.commit({ ...nothing, entries: [entry("e2", 2), entry("e1", 1)] }, 1);
      await respond.commit({ ...nothing, entries: [entry("e2", 2, "other")] }, 2);
      expect(await respond.timeline("INC-1")).toEqual([entry("e1", 1), entry("e2", 2)]);
      expect(await respond.timeline("INC-2")).toEqual([]);
    });

    test("finds changes of alerts by name, fingerprint and time, newest first", async () => {
      const events = [
        event(1),
        event(2, { kind: "resolved" }),
        event(3, { alert: "Late", fingerprint: "f2", value: null }),
      ];
      await respond.commit({ ...nothing, events }, 1);
      const found = await respond.events({ limit: 2 });
      expect(found.map(({ at, alert }) => [at, alert])).toEqual([
        [3, "Late"],
        [2, "Down"],
      ]);
      const before = found[1]?.id ?? 0;
      expect(await respond.events({ limit: 9, before })).toMatchObject([event(1)]);
      expect(await respond.events({ limit: 9, fingerprint: "f2" })).toHaveLength(1);
      expect(await respond.events({ limit: 9, alert: "Down", fromAt: 2 })).toHaveLength(1);
      expect([...(await respond.firedSince(1))]).toEqual(
        expect.arrayContaining([
          ["Down", 1],
          ["Late", 1],
        ]),
      );
    });

    test("history expires, incidents and what is open stay", async () => {
      const put = [
        ...[row("episode", "old", { isOpen: false, at: 1 }), row("episode", "open", { at: 1 })],
        row("incident", "INC-1", { isOpen: false, at: 1 }),
      ];
      await respond.commit({ ...nothing, put, events: [event(1), event(9)], entries: [entry("e1", 1)] }, 1);
      await respond.expire(5);
      expect(await respond.row("episode", "old")).toBeUndefined();
      expect(await respond.row("episode", "open")).toBeDefined();
      expect(await respond.row("incident", "INC-1")).toBeDefined();
      expect(await respond.timeline("INC-1")).toHaveLength(1);
      expect(await respond.events({ limit: 9 })).toHaveLength(1);
    });
  });
}
