import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiTokenRecord, Session, User } from "../access/types.ts";
import type { Store } from "./store.ts";
import type { StoreUnderTest } from "./store.contract.ts";

const user = (name: string, change: Partial<User> = {}): User => ({
  ...{ name, role: "viewer", passwordHash: `hash of ${name}`, createdAt: 1, passwordSetAt: 2 ** 41 },
  ...{ disabledAt: undefined, ...change },
});
const session = (hash: string, change: Partial<Session> = {}): Session => ({
  ...{ hash, user: "alice", createdAt: 10, lastSeenAt: 20, from: "::1", ...change },
});
const token = (id: string, change: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  ...{ id, name: "script", hash: `hash of ${id}`, role: "responder", createdBy: "alice", createdAt: 5 },
  ...{ expiresAt: undefined, lastUsedAt: undefined, ...change },
});

/** Users, sessions and tokens in every store. */
export function accessContract(stores: readonly StoreUnderTest[]): void {
  describe.each(stores)("access: $name", (under) => {
    let store: Store;
    beforeEach(async () => {
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    test("users come back as they were saved, by name, and are replaced by name", async () => {
      const { access } = store;
      await access.saveUser(user("bob", { role: "admin", disabledAt: 2 ** 42 }));
      await access.saveUser(user("alice"));
      expect(await access.users()).toEqual([user("alice"), user("bob", { role: "admin", disabledAt: 2 ** 42 })]);
      await access.saveUser(user("bob", { role: "responder" }));
      expect(await access.user("bob")).toEqual(user("bob", { role: "responder" }));
      expect(await access.user("carol")).toBeUndefined();
    });

    test("sessions are found by hash, touched, ended one by one, by user and by age", async () => {
      const { access } = store;
      for (const each of [
        session("a"),
        session("b", { user: "bob" }),
        session("c", { lastSeenAt: 5 }),
        session("d", { user: "bob", createdAt: 1 }),
      ])
        await access.saveSession(each);
      await access.saveSession(session("a", { lastSeenAt: 30 }));
      expect(await access.session("a")).toEqual(session("a", { lastSeenAt: 30 }));
      expect(await access.expireSessions(6, 2)).toBe(2);
      expect([await access.session("c"), await access.session("d")]).toEqual([undefined, undefined]);
      await access.endSessionsOf("bob");
      expect(await access.session("b")).toBeUndefined();
      await access.endSession("a");
      expect(await access.session("a")).toBeUndefined();
    });

    test("tokens are found by hash, listed by age, changed and withdrawn; a role of another version may the least", async () => {
      const { access } = store;
      await access.saveToken(token("new", { createdAt: 9, expiresAt: 2 ** 42 }));
      await access.saveToken(token("old"));
      expect(await access.tokens()).toEqual([token("old"), token("new", { createdAt: 9, expiresAt: 2 ** 42 })]);
      await access.saveToken(token("old", { lastUsedAt: 77 }));
      expect(await access.token("hash of old")).toEqual(token("old", { lastUsedAt: 77 }));
      await store.db.updateTable("apiTokens").set({ role: "emperor" }).where("id", "=", "old").execute();
      expect((await access.token("hash of old"))?.role).toBe("viewer");
      expect([await access.removeToken("old"), await access.removeToken("old")]).toEqual([true, false]);
    });
  });
}
