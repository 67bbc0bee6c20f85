import type { Role } from "../access/roles.ts";
import type { ApiTokenRecord, User } from "../access/types.ts";

/**
 * Who may look, act and manage; part of the contract in `contract.ts`. Times are ms since the epoch.
 *
 *   GET  /api/v1/me                       Me
 *   POST /api/v1/login                    LoginBody → LoginAnswer, and the session's cookie
 *   POST /api/v1/setup                    SetupBody → LoginAnswer: makes the first admin, and logs them in
 *   POST /api/v1/logout                   ends the session
 *   GET  /api/v1/users                    { users: ShownUser[] }                 admin
 *   POST /api/v1/users                    AddUserBody → MutationAnswer           admin
 *   POST /api/v1/users/:user/password     { password } → MutationAnswer          admin, or one's own
 *   POST /api/v1/users/:user/role         { role } → MutationAnswer              admin
 *   POST /api/v1/users/:user/disable      → MutationAnswer; also `enable`        admin
 *   GET  /api/v1/tokens                   { tokens: ShownToken[] }               admin
 *   POST /api/v1/tokens                   AddTokenBody → AddTokenAnswer          admin
 *   POST /api/v1/tokens/:id/remove        → MutationAnswer                       admin
 *
 * A change that comes with a session's cookie also needs its `csrf` in the header `X-CSRF-Token`.
 */
export interface Me {
  /** `undefined`: nobody is logged in. */
  user: { kind: "user" | "token"; name: string; role: Role } | undefined;
  /** Of a session: what a page that was loaded anew sends with its changes. */
  csrf?: string;
}

/** `code` is of the link that Slotkeeper prints while it has no user. */
export interface SetupBody extends LoginBody {
  code: string;
}

export interface LoginBody {
  name: string;
  password: string;
}

export interface LoginAnswer {
  name: string;
  role: Role;
  csrf: string;
}

export type ShownUser = Omit<User, "passwordHash">;
export type ShownToken = Omit<ApiTokenRecord, "hash">;

export interface AddUserBody extends LoginBody {
  role: Role;
}

export interface AddTokenBody {
  name: string;
  role: Role;
  /** Whole days that it works for; absent: until it is removed. */
  days?: number;
}

export interface AddTokenAnswer {
  done: string;
  auditId: number;
  id: string;
  /** Told this once. */
  token: string;
}
