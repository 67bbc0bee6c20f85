import type { AccessStore, ApiTokenRecord, Session, User } from "../types.ts";

/** For tests: everything in maps. */
export function memoryAccessStore(): AccessStore {
  const users = new Map<string, User>();
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, ApiTokenRecord>();
  const done = () => Promise.resolve();
  const endWhere = (isOver: (session: Session) => boolean): number => {
    const over = [...sessions.values()].filter(isOver);
    for (const { hash } of over) sessions.delete(hash);
    return over.length;
  };
  return {
    users: () => Promise.resolve([...users.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    user: (name) => Promise.resolve(users.get(name)),
    saveUser: (user) => (users.set(user.name, user), done()),
    session: (hash) => Promise.resolve(sessions.get(hash)),
    saveSession: (session) => (sessions.set(session.hash, session), done()),
    endSession: (hash) => (sessions.delete(hash), done()),
    endSessionsOf: (name) => (endWhere(({ user }) => user === name), done()),
    expireSessions: (seenBefore, createdBefore) =>
      Promise.resolve(endWhere((it) => it.lastSeenAt < seenBefore || it.createdAt < createdBefore)),
    tokens: () => Promise.resolve([...tokens.values()].sort((a, b) => a.createdAt - b.createdAt)),
    token: (hash) => Promise.resolve([...tokens.values()].find((token) => token.hash === hash)),
    saveToken: (token) => (tokens.set(token.id, token), done()),
    removeToken: (id) => Promise.resolve(tokens.delete(id)),
  };
}
