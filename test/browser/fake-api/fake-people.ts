import type { IncomingMessage } from "node:http";
import type { LoginAnswer, Me, ShownToken, ShownUser } from "../../../src/api/contract-access.ts";
import type { Role } from "../../../src/access/roles.ts";

/** What is refused, with its status. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

const day = 86_400_000;
export const fakePassword = "four random words here";
export const fakeSetupCode = "c0de-of-the-first-start";

/** Users, sessions and tokens of the fake API: whoever is a user logs in with `fakePassword`. */
export interface FakePeople {
  users: ShownUser[];
  tokens: ShownToken[];
  /** Not even reading is free. */
  readsNeedLogin: boolean;
  /** The one session there is: whose, and what its page sends. */
  session: { name: string; csrf: string } | undefined;
  /** Opens one as a login in another tab would, with another word for its page. */
  logIn(name: string): string;
  me(request: IncomingMessage): Me;
  refuseRead(request: IncomingMessage, path: string): Refusal | undefined;
  /** Of a change that comes without a token. */
  refuseChange(request: IncomingMessage, path: string): Refusal | undefined;
  /** Login, set-up and logout; the cookie to set with it. */
  open(
    path: string,
    body: Record<string, unknown>,
  ): { cookie: string; answer: LoginAnswer | { done: string } } | Refusal;
  act(path: string, body: Record<string, unknown>): { done: string; id?: string; token?: string } | undefined;
}

const loggedOut: Refusal = { status: 401, code: "session-unknown", message: "not logged in. Log in to go on." };
const tooLow: Refusal = {
  ...{ status: 403, code: "role-too-low" },
  message: "not allowed for this role. This needs a higher role than yours. Ask an admin.",
};

export function createFakePeople(): FakePeople {
  let opened = 0;
  const user = (name: string, role: Role): ShownUser => ({
    ...{ name, role, createdAt: Date.now() - 90 * day, passwordSetAt: Date.now() - 30 * day, disabledAt: undefined },
  });
  const owner = (request: IncomingMessage): ShownUser | undefined => {
    const secret = /slotkeeper_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    return secret === `of_${people.session?.name}`
      ? people.users.find(({ name }) => name === people.session?.name)
      : undefined;
  };
  const people: FakePeople = {
    users: [user("alice", "admin"), user("bob", "responder"), user("vera", "viewer")],
    tokens: [
      {
        ...{
          id: "t1",
          name: "prometheus eu-1",
          role: "responder",
          createdBy: "alice",
          createdAt: Date.now() - 20 * day,
        },
        ...{ expiresAt: Date.now() + 70 * day, lastUsedAt: Date.now() - 60_000 },
      },
    ],
    ...{ readsNeedLogin: false, session: undefined },
    logIn(name) {
      people.session = { name, csrf: `csrf-${++opened}` };
      return `slotkeeper_session=of_${name}`;
    },
    me(request) {
      const found = owner(request);
      if (found === undefined) return { user: undefined };
      return {
        user: { kind: "user", name: found.name, role: found.role },
        ...(people.session === undefined ? {} : { csrf: people.session.csrf }),
      };
    },
    refuseRead(request, path) {
      const found = owner(request);
      if (people.readsNeedLogin && found === undefined) return loggedOut;
      const isForAdmins = /^\/(users|tokens|audit)\b/.test(path);
      return isForAdmins && found?.role !== "admin" ? (found === undefined ? loggedOut : tooLow) : undefined;
    },
    refuseChange(request, path) {
      const found = owner(request);
      if (found === undefined) return loggedOut;
      if (request.headers["x-csrf-token"] !== people.session?.csrf)
        return { status: 403, code: "csrf-wrong", message: "page out of date. Reload the page and try again." };
      if (/^\/(users|tokens)\b/.test(path)) return found.role === "admin" ? undefined : tooLow;
      return found.role === "viewer" ? tooLow : undefined;
    },
    open(path, body) {
      if (path === "/logout") {
        people.session = undefined;
        return { cookie: "slotkeeper_session=; Path=/; Max-Age=0", answer: { done: "logged out" } };
      }
      const name = String(body["name"]);
      if (path === "/setup") {
        if (body["code"] !== fakeSetupCode)
          return { status: 401, code: "setup-code-wrong", message: "set-up link not valid. Copy it whole." };
        people.users.push(user(name, "admin"));
      } else if (!people.users.some((known) => known.name === name) || body["password"] !== fakePassword)
        return { status: 401, code: "login-wrong", message: "name or password wrong. An admin can set a new one." };
      const role = people.users.find((known) => known.name === name)?.role ?? "viewer";
      const cookie = `${people.logIn(name)}; Path=/; HttpOnly; SameSite=Strict`;
      return { cookie, answer: { name, role, csrf: people.session?.csrf ?? "" } };
    },
    act(path, body) {
      if (path === "/users") {
        people.users.push(user(String(body["name"]), body["role"] as Role));
        return { done: `${String(body["name"])} is ${String(body["role"])}` };
      }
      if (path === "/tokens") {
        const made = { id: "t2", name: String(body["name"]), role: body["role"] as Role, createdBy: "alice" };
        people.tokens.push({ ...made, createdAt: Date.now(), expiresAt: undefined, lastUsedAt: undefined });
        return {
          done: `token ${made.name} works as ${made.role}`,
          id: "t2",
          token: "sk_new_token_shown_once_0123456789",
        };
      }
      const [, kind, id = "", verb = ""] = /^\/(users|tokens)\/([^/]+)\/(\w+)$/.exec(path) ?? [];
      if (kind === "tokens") {
        people.tokens = people.tokens.filter((token) => token.id !== id);
        return { done: `token ${id} is withdrawn` };
      }
      if (kind !== "users") return undefined;
      people.users = people.users.map((known) => {
        if (known.name !== id) return known;
        if (verb === "role") return { ...known, role: body["role"] as Role };
        return { ...known, disabledAt: verb === "disable" ? Date.now() : undefined };
      });
      return { done: verb === "password" ? `${id} has a new password` : `${id} is ${verb}d` };
    },
  };
  return people;
}
