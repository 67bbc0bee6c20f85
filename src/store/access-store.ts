import type { Kysely, Selectable } from "kysely";
import type { AccessStore, ApiTokenRecord, Session, User } from "../access/types.ts";
import { toNumber, toOptionalNumber } from "./codec.ts";
import type { Tables } from "./tables.ts";

export function accessStore(db: Kysely<Tables>): AccessStore {
  return {
    users: async () => (await db.selectFrom("users").selectAll().orderBy("name").execute()).map(userOf),
    async user(name) {
      const row = await db.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
      return row && userOf(row);
    },
    async saveUser({ name, disabledAt, ...rest }) {
      const row = { ...rest, disabledAt: disabledAt ?? null };
      await db
        .insertInto("users")
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
        .execute();
    },
    async session(hash) {
      const row = await db.selectFrom("sessions").selectAll().where("hash", "=", hash).executeTakeFirst();
      return row && sessionOf(row);
    },
    async saveSession({ hash, user, from, createdAt, lastSeenAt }) {
      const row = { userName: user, openedFrom: from, createdAt, lastSeenAt };
      await db
        .insertInto("sessions")
        .values({ hash, ...row })
        .onConflict((conflict) => conflict.column("hash").doUpdateSet(row))
        .execute();
    },
    async endSession(hash) {
      await db.deleteFrom("sessions").where("hash", "=", hash).execute();
    },
    async endSessionsOf(user) {
      await db.deleteFrom("sessions").where("userName", "=", user).execute();
    },
    async expireSessions(seenBefore, createdBefore) {
      const { numDeletedRows } = await db
        .deleteFrom("sessions")
        .where((row) => row.or([row("lastSeenAt", "<", seenBefore), row("createdAt", "<", createdBefore)]))
        .executeTakeFirstOrThrow();
      return toNumber(numDeletedRows);
    },
    tokens: async () =>
      (await db.selectFrom("apiTokens").selectAll().orderBy("createdAt").orderBy("id").execute()).map(tokenOf),
    async token(hash) {
      const row = await db.selectFrom("apiTokens").selectAll().where("hash", "=", hash).executeTakeFirst();
      return row && tokenOf(row);
    },
    async saveToken({ id, expiresAt, lastUsedAt, ...rest }) {
      const row = { ...rest, expiresAt: expiresAt ?? null, lastUsedAt: lastUsedAt ?? null };
      await db
        .insertInto("apiTokens")
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    async removeToken(id) {
      const { numDeletedRows } = await db.deleteFrom("apiTokens").where("id", "=", id).executeTakeFirstOrThrow();
      return toNumber(numDeletedRows) > 0;
    },
  };
}

/** A role that this version does not know may do the least. */
const roleOf = (role: string): User["role"] => (role === "admin" || role === "responder" ? role : "viewer");

function userOf({ name, role, passwordHash, ...row }: Selectable<Tables["users"]>): User {
  return {
    ...{ name, passwordHash, role: roleOf(role) },
    createdAt: toNumber(row.createdAt),
    passwordSetAt: toNumber(row.passwordSetAt),
    disabledAt: toOptionalNumber(row.disabledAt),
  };
}

function sessionOf({ hash, userName, openedFrom, createdAt, lastSeenAt }: Selectable<Tables["sessions"]>): Session {
  const times = { createdAt: toNumber(createdAt), lastSeenAt: toNumber(lastSeenAt) };
  return { hash, user: userName, from: openedFrom, ...times };
}

function tokenOf({ id, name, hash, role, createdBy, ...row }: Selectable<Tables["apiTokens"]>): ApiTokenRecord {
  return {
    ...{ id, name, hash, createdBy, role: roleOf(role) },
    createdAt: toNumber(row.createdAt),
    expiresAt: toOptionalNumber(row.expiresAt),
    lastUsedAt: toOptionalNumber(row.lastUsedAt),
  };
}
