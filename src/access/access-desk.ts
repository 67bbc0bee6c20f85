import type { Clock } from "../lib/clock.ts";
import { judgeSession, sessionIdleMs, sessionLongestMs } from "./judge-session.ts";
import { addFailure, forgive, loginWait, type LoginFailures } from "./login-throttle.ts";
import { hashPassword, nobodysHash, passwordProblem, verifyPassword } from "./password.ts";
import { accessRefusal } from "./refusal.ts";
import type { Role } from "./roles.ts";
import { csrfOf, newSecret, secretHash } from "./secrets.ts";
import type { AccessStore, ApiTokenRecord, User } from "./types.ts";

/** Who asks, as the audit names them. */
export interface Identity {
  kind: "user" | "token";
  name: string;
  role: Role;
}

export interface OpenedSession {
  /** For the cookie alone. */
  secret: string;
  /** For the page, which sends it with every change. */
  csrf: string;
  user: Identity;
}

/** Users, sessions and API tokens. What is refused throws `AppError` with a code of `accessReasons`. */
export interface AccessDesk {
  /** @throws `login-wrong`, `login-throttled` (its message says for how long), `user-disabled` */
  login(name: string, password: string, from: string): Promise<OpenedSession>;
  logout(sessionSecret: string): Promise<void>;
  /** Whose session it is; with `csrf` also that the request came from its page. */
  identifySession(sessionSecret: string, csrf: string | undefined, isMutating: boolean): Promise<Identity>;
  /** What the session's own page sends with every change. Says nothing about whether there is such a session. */
  csrfOf(sessionSecret: string): string;
  identifyToken(token: string): Promise<Identity>;
  users(): Promise<readonly Omit<User, "passwordHash">[]>;
  addUser(name: string, password: string, role: Role): Promise<void>;
  /** Ends all of the user's sessions. */
  setPassword(name: string, password: string): Promise<void>;
  setRole(name: string, role: Role): Promise<void>;
  disable(name: string): Promise<void>;
  enable(name: string): Promise<void>;
  /** The secret is told once. */
  addToken(name: string, role: Role, by: string, expiresAt: number | undefined): Promise<{ id: string; token: string }>;
  tokens(): Promise<readonly Omit<ApiTokenRecord, "hash">[]>;
  removeToken(id: string): Promise<boolean>;
  /** Forgets sessions that are over. */
  sweep(): Promise<void>;
}

/** A session's or token's last use is written at most this often. */
const touchMs = 60_000;
/** argon2 takes 19 MiB each: a flood of logins must not take the machine's memory. */
const mostAtOnce = 4;
const nameFormat = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export function createAccessDesk({ store, clock }: { store: AccessStore; clock: Clock }): AccessDesk {
  let failures: LoginFailures = new Map();
  let hashing = 0;

  async function userOf(name: string): Promise<User> {
    const user = await store.user(name);
    if (!user) throw accessRefusal("user-unknown");
    return user;
  }

  async function create(name: string, password: string, role: Role): Promise<void> {
    if (!nameFormat.test(name)) throw accessRefusal("user-name-bad");
    refuseWeak(password, name);
    if (await store.user(name)) throw accessRefusal("user-exists");
    const now = clock.now();
    const passwordHash = await hashPassword(password);
    await store.saveUser({ name, role, passwordHash, createdAt: now, passwordSetAt: now, disabledAt: undefined });
  }

  /** Refuses to leave nobody who may manage users. */
  async function keepAnAdmin(leaving: User): Promise<void> {
    if (leaving.role !== "admin" || leaving.disabledAt !== undefined) return;
    const others = (await store.users()).filter(
      ({ name, role, disabledAt }) => name !== leaving.name && role === "admin" && disabledAt === undefined,
    );
    if (others.length === 0) throw accessRefusal("last-admin");
  }

  async function check(password: string, user: User | undefined): Promise<boolean> {
    if (hashing >= mostAtOnce)
      throw accessRefusal("login-throttled", "Many are logging in at once: try again in a second.");
    hashing++;
    try {
      const isRight = await verifyPassword(password, user?.passwordHash ?? nobodysHash);
      return isRight && user !== undefined;
    } finally {
      hashing--;
    }
  }

  return {
    async login(name, password, from) {
      const keys = [`name ${name}`, `from ${from}`];
      const waitMs = loginWait(failures, keys, clock.now());
      if (waitMs > 0) throw accessRefusal("login-throttled", `Try again in ${Math.ceil(waitMs / 1000)} s.`);
      const user = await store.user(name);
      if (!(await check(password, user)) || !user) {
        failures = addFailure(failures, keys, clock.now());
        throw accessRefusal("login-wrong");
      }
      if (user.disabledAt !== undefined) throw accessRefusal("user-disabled");
      failures = forgive(failures, `name ${name}`);
      const secret = newSecret();
      const now = clock.now();
      await store.saveSession({ hash: secretHash(secret), user: name, createdAt: now, lastSeenAt: now, from });
      return { secret, csrf: csrfOf(secret), user: { kind: "user", name, role: user.role } };
    },
    logout: (secret) => store.endSession(secretHash(secret)),
    async identifySession(secret, csrf, isMutating) {
      const session = await store.session(secretHash(secret));
      const user = session && (await store.user(session.user));
      const now = clock.now();
      if (!session || !user) throw accessRefusal("session-unknown");
      const verdict = judgeSession(session, user, now);
      if (verdict !== "allowed") throw accessRefusal(verdict);
      if (isMutating && csrf !== csrfOf(secret)) throw accessRefusal("csrf-wrong");
      if (now - session.lastSeenAt >= touchMs) await store.saveSession({ ...session, lastSeenAt: now });
      return { kind: "user", name: user.name, role: user.role };
    },
    csrfOf,
    async identifyToken(secret) {
      const token = await store.token(secretHash(secret));
      const now = clock.now();
      if (!token) throw accessRefusal("token-wrong");
      if (token.expiresAt !== undefined && now >= token.expiresAt) throw accessRefusal("token-expired");
      if (now - (token.lastUsedAt ?? 0) >= touchMs) await store.saveToken({ ...token, lastUsedAt: now });
      return { kind: "token", name: token.name, role: token.role };
    },
    users: async () => (await store.users()).map(({ passwordHash: _, ...user }) => user),
    addUser: create,
    async setPassword(name, password) {
      const user = await userOf(name);
      refuseWeak(password, name);
      await store.saveUser({ ...user, passwordHash: await hashPassword(password), passwordSetAt: clock.now() });
      await store.endSessionsOf(name);
    },
    async setRole(name, role) {
      const user = await userOf(name);
      if (role !== "admin") await keepAnAdmin(user);
      await store.saveUser({ ...user, role });
    },
    async disable(name) {
      const user = await userOf(name);
      await keepAnAdmin(user);
      await store.saveUser({ ...user, disabledAt: clock.now() });
      await store.endSessionsOf(name);
    },
    enable: async (name) => store.saveUser({ ...(await userOf(name)), disabledAt: undefined }),
    async addToken(name, role, by, expiresAt) {
      const token = newSecret();
      const id = secretHash(token).slice(0, 12);
      const created = { createdBy: by, createdAt: clock.now(), expiresAt, lastUsedAt: undefined };
      await store.saveToken({ id, name, role, hash: secretHash(token), ...created });
      return { id, token };
    },
    tokens: async () => (await store.tokens()).map(({ hash: _, ...token }) => token),
    removeToken: (id) => store.removeToken(id),
    async sweep() {
      const now = clock.now();
      await store.expireSessions(now - sessionIdleMs, now - sessionLongestMs);
    },
  };
}

function refuseWeak(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem) throw accessRefusal(`password-${problem}`);
}
