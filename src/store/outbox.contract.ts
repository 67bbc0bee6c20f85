import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClaimRequest, OutboxRules, OutboxStore } from "../outbox/ports.ts";
import type { ClaimedMessage, Destination, NewMessage, Outcome } from "../outbox/types.ts";
import { enqueueMessages } from "./outbox/enqueue-messages.ts";
import { outboxStore } from "./outbox/outbox-store.ts";
import type { StoreUnderTest } from "./store.contract.ts";
import type { Store } from "./store.ts";

const email: Destination = { channel: "email", address: "a@example.org" };
const leaseMs = 30_000;

const accepted = (providerMessageId = "p1"): Outcome => ({ kind: "sent", reason: "accepted", providerMessageId });
const refused = (mayHaveArrived = false): Outcome => ({
  ...{ kind: "failed", reason: "refused-by-provider", errorClass: "refused", detail: "not_allowed", failures: 1 },
  mayHaveArrived,
});
const retryAt = (nextAttemptAt: number): Outcome => ({
  ...{ kind: "retry", reason: "retry-backoff", errorClass: "timeout", detail: "no answer", failures: 1 },
  ...{ mayHaveArrived: true, nextAttemptAt },
});

/** What every outbox does. */
export function outboxContract(stores: readonly StoreUnderTest[], rules: OutboxRules): void {
  describe.each(stores)("outbox: $name", (under) => {
    let store: Store;
    let outbox: OutboxStore;
    let ids = 0;
    const parts = { rules, newId: () => `id${String(++ids).padStart(6, "0")}` };
    const reopen = async () => {
      store = await under.open();
      outbox = outboxStore(store.db, parts);
    };
    beforeEach(reopen);
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    let keys = 0;
    const message = (kind: NewMessage["kind"], changes: Partial<NewMessage> = {}): NewMessage => ({
      ...{ recipient: "ann", channel: "slack", address: "C1", groupKey: "g1", kind, dedupKey: `key ${++keys}` },
      body: { title: `${kind} title`, text: "text", links: [{ label: "open", url: "http://x/" }], severity: "warning" },
      fallbacks: [],
      ...changes,
    });
    const claim = (now: number, changes: Partial<ClaimRequest> = {}) => outbox.claim({ limit: 10, now, ...changes });
    const claimOne = async (now: number): Promise<ClaimedMessage> => {
      const claimed = await claim(now);
      expect(claimed).toHaveLength(1);
      return claimed[0] as ClaimedMessage;
    };
    const finishNext = async (now: number, outcome: Outcome) => {
      const next = await claimOne(now);
      expect(await outbox.finish(next.id, next.leaseToken, outcome, now)).toBe(true);
      return next;
    };
    /** Oldest first: "slack firing sent". */
    const states = async () =>
      (await outbox.find({ limit: 100 }))
        .reverse()
        .map(({ channel, kind, state, reason }) => `${channel} ${kind} ${state}${reason ? ` (${reason})` : ""}`);

    test("a message comes back whole, is sent once, and its result is kept", async () => {
      expect(await outbox.enqueue([message("firing", { dedupKey: "once", fallbacks: [email] })], 1_000)).toBe(1);
      const claimed = await claimOne(1_000);
      expect(claimed).toMatchObject({
        ...{ recipient: "ann", channel: "slack", address: "C1", seq: 1, state: "sending", attempt: 1, failures: 0 },
        ...{ leaseUntil: 1_000 + leaseMs, mayHaveArrived: false, createdAt: 1_000, threadRoot: undefined },
        ...{ fallbacks: [email], body: { title: "firing title", links: [{ label: "open", url: "http://x/" }] } },
      });
      expect(await claim(1_001)).toEqual([]);
      expect(await outbox.finish(claimed.id, claimed.leaseToken, accepted("ts1"), 1_500)).toBe(true);
      const [stored] = await outbox.find({ limit: 1 });
      expect(stored).toMatchObject({ state: "sent", providerMessageId: "ts1", sentAt: 1_500, endedAt: 1_500 });
      expect(stored?.leaseToken).toBeUndefined();
      expect(await outbox.counts()).toEqual({ pending: 0, sending: 0, sent: 1, failed: 0, dropped: 0, held: 0 });
    });

    test("the same dedup key is stored once", async () => {
      const firing = message("firing", { dedupKey: "same" });
      expect(await outbox.enqueue([firing, firing], 1)).toBe(1);
      expect(await outbox.enqueue([firing], 2)).toBe(0);
      const resolve = message("resolve", { dedupKey: "same resolve" });
      expect(await outbox.enqueue([resolve, resolve], 3)).toBe(1);
      expect(await outbox.find({ limit: 10 })).toHaveLength(2);
    });

    test("messages and the change that causes them are one transaction", async () => {
      const change = store.db.transaction().execute(async (tx) => {
        await tx.insertInto("settings").values({ name: "alert", value: "firing", updatedAt: 1 }).execute();
        await enqueueMessages(tx, parts, [message("firing")], 1);
        throw new Error("the change failed");
      });
      await expect(change).rejects.toThrow("the change failed");
      expect(await outbox.find({ limit: 10 })).toEqual([]);
      expect(await store.settings.get("alert")).toBeUndefined();
    });

    test("of a stream nothing is claimed before what is earlier has ended; other streams go on", async () => {
      const other = message("page", { recipient: "bob", address: "C2" });
      await outbox.enqueue([message("firing"), message("update"), other], 1);
      const claimed = await claim(1);
      expect(claimed.map(({ recipient, kind }) => `${recipient} ${kind}`).sort()).toEqual(["ann firing", "bob page"]);
      expect(await claim(2)).toEqual([]);
      const firing = claimed.find(({ kind }) => kind === "firing") as ClaimedMessage;
      await outbox.finish(firing.id, firing.leaseToken, retryAt(5_000), 2);
      expect(await claim(4_999)).toEqual([]);
      await finishNext(5_000, accepted("root"));
      expect(await claimOne(5_001)).toMatchObject({ kind: "update", threadRoot: "root" });
    });

    test("one of a lane at a time; busy lanes and channels are left alone; the urgent goes first", async () => {
      const inGroup = (groupKey: string, kind: NewMessage["kind"]) => message(kind, { groupKey });
      await outbox.enqueue([inGroup("a", "update"), inGroup("b", "firing"), inGroup("c", "page")], 1);
      await outbox.enqueue([message("firing", { channel: "mail", address: "x" })], 1);
      expect(await claim(1, { busyLanes: [rules.laneOf({ channel: "slack", address: "C1" })], limit: 0 })).toEqual([]);
      const busy = { busyLanes: [rules.laneOf({ channel: "slack", address: "C1" })], busyChannels: ["mail"] };
      expect(await claim(1, busy)).toEqual([]);
      const kinds = [];
      for (let turn = 0; turn < 3; turn++) {
        const claimed = await claim(1, { busyChannels: ["mail"] });
        expect(claimed).toHaveLength(1);
        kinds.push(claimed[0]?.kind);
      }
      expect(kinds.at(-1)).toBe("update");
      expect((await claim(1)).map(({ channel }) => channel)).toEqual(["mail"]);
    });

    test("a lease that ran out is claimed again, never failed, and its first holder's word no longer counts", async () => {
      await outbox.enqueue([message("firing")], 1);
      const first = await claimOne(1);
      expect(await claim(1 + leaseMs - 1)).toEqual([]);
      expect(await outbox.nextDueAt(1)).toBe(1 + leaseMs);
      const second = await claimOne(1 + leaseMs);
      expect(second).toMatchObject({ id: first.id, attempt: 2, mayHaveArrived: true });
      expect(await outbox.finish(first.id, first.leaseToken, refused(), 31_000)).toBe(false);
      expect(await states()).toEqual(["slack firing sending"]);
      expect(await outbox.finish(second.id, second.leaseToken, accepted(), 31_001)).toBe(true);
      expect(await outbox.finish(second.id, second.leaseToken, refused(), 31_002)).toBe(false);
      expect(await states()).toEqual(["slack firing sent (accepted)"]);
    });

    test("never attempted and resolved: both dropped", async () => {
      await outbox.enqueue([message("firing"), message("resolve")], 1);
      expect(await states()).toEqual(["slack firing dropped (already-resolved)", "slack resolve dropped (never-told)"]);
      expect(await claim(10)).toEqual([]);
    });

    test.each([
      ["being sent", undefined],
      ["ambiguous", retryAt(5)],
      ["sent", accepted()],
    ])(
      "a firing that is %s is followed by its resolve, and what nobody tried in between is dropped",
      async (_, end) => {
        await outbox.enqueue([message("firing")], 1);
        const firing = await claimOne(1);
        if (end) await outbox.finish(firing.id, firing.leaseToken, end, 2);
        await outbox.enqueue([message("update"), message("resolve")], 3);
        const all = await states();
        expect(all.slice(1)).toEqual(["slack update dropped (already-resolved)", "slack resolve pending"]);
        if (!end) await outbox.finish(firing.id, firing.leaseToken, accepted(), 4);
        if (end?.kind === "retry") await finishNext(5, accepted());
        expect(await claimOne(6)).toMatchObject({ kind: "resolve" });
      },
    );

    test("a second resolve tells nobody anything, and a new firing of the group begins anew", async () => {
      await outbox.enqueue([message("firing")], 1);
      await finishNext(1, accepted());
      await outbox.enqueue([message("resolve"), message("resolve")], 2);
      await finishNext(2, accepted());
      await outbox.enqueue([message("firing"), message("resolve")], 3);
      expect((await states()).slice(2)).toEqual([
        "slack resolve dropped (never-told)",
        "slack firing dropped (already-resolved)",
        "slack resolve dropped (never-told)",
      ]);
    });

    test("failed for good: it goes to the fallback, and a resolve that comes later goes there only", async () => {
      await outbox.enqueue([message("firing", { fallbacks: [email] })], 1);
      await finishNext(1, refused());
      expect(await states()).toEqual(["slack firing failed (refused-by-provider)", "email firing pending"]);
      await outbox.enqueue([message("resolve")], 2);
      const firing = await finishNext(2, accepted());
      expect(firing).toMatchObject({ ...email, fallbacks: [], recipient: "ann", groupKey: "g1" });
      expect(await finishNext(3, accepted())).toMatchObject({ ...email, kind: "resolve" });
      expect(await claim(4)).toEqual([]);
      expect((await outbox.find({ limit: 10, channel: "slack", state: "dropped" }))[0]).toMatchObject({
        ...{ kind: "resolve", reason: "followed-fallback" },
      });
    });

    test("failed for good with its resolve behind it: both go to the fallback, in order", async () => {
      await outbox.enqueue([message("firing", { fallbacks: [email] })], 1);
      const firing = await claimOne(1);
      await outbox.enqueue([message("resolve")], 2);
      await outbox.finish(firing.id, firing.leaseToken, refused(), 3);
      expect(await finishNext(4, accepted())).toMatchObject({ channel: "email", kind: "firing" });
      expect(await finishNext(5, accepted())).toMatchObject({ channel: "email", kind: "resolve" });
      expect(await claim(6)).toEqual([]);
    });

    test("failed for good after it may have arrived: the resolve goes to both channels", async () => {
      await outbox.enqueue([message("firing", { fallbacks: [email] })], 1);
      await finishNext(1, refused(true));
      await finishNext(2, accepted());
      await outbox.enqueue([message("resolve")], 3);
      expect((await claim(3)).map(({ channel, kind }) => `${channel} ${kind}`).sort()).toEqual([
        "email resolve",
        "slack resolve",
      ]);
    });

    test("failed for good after it may have arrived, with its resolve behind it: that stays, and goes along", async () => {
      await outbox.enqueue([message("firing", { fallbacks: [email] })], 1);
      const firing = await claimOne(1);
      await outbox.enqueue([message("resolve")], 2);
      await outbox.finish(firing.id, firing.leaseToken, refused(true), 3);
      expect((await claim(3)).map(({ channel, kind }) => `${channel} ${kind}`).sort()).toEqual([
        "email firing",
        "slack resolve",
      ]);
    });

    test("failed on two channels that are each other's way out: each place is told of the end once", async () => {
      const hook = { channel: "hook", address: "h" };
      await outbox.enqueue([message("update", { ...email, fallbacks: [hook] })], 1);
      await finishNext(1, refused());
      await outbox.enqueue([message("firing", { fallbacks: [email, hook] })], 2);
      for (const { id, leaseToken, channel } of await claim(2))
        await outbox.finish(id, leaseToken, channel === "slack" ? refused() : accepted(), 2);
      await finishNext(3, accepted());
      await outbox.enqueue([message("resolve"), message("resolve", email)], 4);
      expect((await claim(4)).map(({ channel, kind }) => `${channel} ${kind}`).sort()).toEqual([
        "email resolve",
        "hook resolve",
      ]);
      expect(await claim(5)).toEqual([]);
    });

    test("failed on every channel: its resolve is dropped, whether it waits or comes later", async () => {
      await outbox.enqueue([message("firing")], 1);
      const firing = await claimOne(1);
      await outbox.enqueue([message("resolve")], 2);
      await outbox.finish(firing.id, firing.leaseToken, refused(), 3);
      await outbox.enqueue([message("firing")], 4);
      await finishNext(4, refused());
      await outbox.enqueue([message("resolve")], 5);
      expect((await states()).filter((line) => line.includes("resolve"))).toEqual([
        "slack resolve dropped (firing-not-delivered)",
        "slack resolve dropped (firing-not-delivered)",
      ]);
    });

    test("a held message waits for a person and holds nothing up; resolved, it cannot be sent again", async () => {
      await outbox.enqueue([message("update"), message("update")], 1);
      const { kind: _, ...uncertain } = retryAt(0);
      const held = await finishNext(1, { ...uncertain, kind: "held", reason: "waits-for-person" } as Outcome);
      await finishNext(2, accepted());
      expect(await outbox.settle(held.id, "send-again", 3)).toBe(true);
      const again = await claimOne(3);
      expect(again).toMatchObject({ id: held.id, attempt: 1, mayHaveArrived: false });
      await outbox.finish(again.id, again.leaseToken, refused(), 4);
      await outbox.enqueue([message("resolve")], 5);
      expect(await outbox.settle(held.id, "send-again", 6)).toBe(false);
      expect(await outbox.settle(held.id, "arrived", 7)).toBe(true);
      expect(await outbox.settle(held.id, "arrived", 8)).toBe(false);
    });

    test("old messages go, but for alarms that are not resolved", async () => {
      await outbox.enqueue([message("firing"), message("firing", { recipient: "bob", address: "C2" })], 1);
      for (const one of await claim(1)) await outbox.finish(one.id, one.leaseToken, accepted(), 2);
      await outbox.enqueue([message("resolve")], 3);
      await finishNext(3, accepted());
      expect(await outbox.expire(2, 10)).toBe(0);
      expect(await outbox.expire(100, 10)).toBe(2);
      expect(await states()).toEqual(["slack firing sent (accepted)"]);
      await outbox.enqueue([message("resolve", { recipient: "bob", address: "C2" })], 4);
      expect(await claimOne(4)).toMatchObject({ recipient: "bob", kind: "resolve" });
      expect(await outbox.oldestUnfinishedAt()).toBe(4);
    });

    test("claims that run side by side share out the messages", async () => {
      await outbox.enqueue(
        Array.from({ length: 20 }, (_, index) => message("firing", { address: `C${index}`, groupKey: `g${index}` })),
        1,
      );
      const claims = await Promise.all([claim(1, { limit: 15 }), claim(1, { limit: 15 }), claim(1, { limit: 15 })]);
      const claimed = claims.flat().map(({ id }) => id);
      expect(claimed).toHaveLength(20);
      expect(new Set(claimed).size).toBe(20);
    });

    test("the database says what time it is", async () => {
      const before = Date.now();
      const now = await outbox.now();
      expect(now).toBeGreaterThanOrEqual(before - 1_000);
      expect(now).toBeLessThanOrEqual(Date.now() + 1_000);
    });

    if (!under.isDurable) return;

    test("what was claimed is there after a restart, and is claimed again when its lease has run out", async () => {
      await outbox.enqueue([message("firing"), message("resolve", { groupKey: "g2" })], 1);
      const { id } = await claimOne(1);
      await store.close();
      await reopen();
      expect(await claim(2)).toEqual([]);
      expect(await claimOne(1 + leaseMs)).toMatchObject({ id, mayHaveArrived: true });
    });
  });
}
