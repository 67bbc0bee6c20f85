import type { Role } from "./roles.ts";

/** A person who may use Slotkeeper. Times are ms since the epoch. */
export interface User {
  /** Lower case, unique. */
  name: string;
  role: Role;
  /** PHC string, see `hashPassword`. */
  passwordHash: string;
  createdAt: number;
  /** Sessions from before no longer count. */
  passwordSetAt: number;
  disabledAt: number | undefined;
}

/** Somebody's browser that is logged in. Its secret is kept as a hash. */
export interface Session {
  hash: string;
  user: string;
  createdAt: number;
  lastSeenAt: number;
  /** Address that it was opened from. */
  from: string;
}

/** A script's key, with a name by which it is audited and withdrawn. */
export interface ApiTokenRecord {
  id: string;
  name: string;
  hash: string;
  role: Role;
  createdBy: string;
  createdAt: number;
  expiresAt: number | undefined;
  lastUsedAt: number | undefined;
}

/** Implemented by `store`. */
export interface AccessStore {
  users(): Promise<readonly User[]>;
  user(name: string): Promise<User | undefined>;
  /** New, or in place of the one with that name. */
  saveUser(user: User): Promise<void>;
  session(hash: string): Promise<Session | undefined>;
  saveSession(session: Session): Promise<void>;
  endSession(hash: string): Promise<void>;
  endSessionsOf(user: string): Promise<void>;
  /** Those that were last seen before one instant or opened before the other. Returns how many there were. */
  expireSessions(seenBefore: number, createdBefore: number): Promise<number>;
  tokens(): Promise<readonly ApiTokenRecord[]>;
  token(hash: string): Promise<ApiTokenRecord | undefined>;
  saveToken(token: ApiTokenRecord): Promise<void>;
  /** `false`: there was none. */
  removeToken(id: string): Promise<boolean>;
}
