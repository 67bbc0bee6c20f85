import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { OpenedSession } from "../access/access-desk.ts";
import { sessionLongestMs } from "../access/judge-session.ts";
import { accessReasons } from "../access/reasons.ts";
import { roleAllows, roles, type Role } from "../access/roles.ts";
import { accessRefusal } from "../access/refusal.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { cookieOf, sessionCookie } from "./admit.ts";
import type { AuditedChange } from "./audited.ts";
import type { AddTokenBody, AddUserBody, LoginAnswer, LoginBody, Me, SetupBody } from "./contract-access.ts";
import type { ApiPorts } from "./ports.ts";
import { mutationAnswer } from "./schemas.ts";
import { integer, name, object, oneOf, pathOf, text, withToken, type Schema } from "./schema-words.ts";

const dayMs = 86_400_000;
const role = oneOf(...roles);
const password: Schema = { type: "string", maxLength: 1_024 };
const login: Schema = object({ name, password } satisfies Record<keyof LoginBody, Schema>);
const label: Schema = { type: "string", minLength: 1, maxLength: 100, pattern: "\\S" };
const user = pathOf({ user: name });
const anything: Schema = { type: "object", additionalProperties: true };
const admin = { config: { role: "admin" as Role } };

/** Login, users and API tokens. */
export function accessRoutes(app: FastifyInstance, ports: ApiPorts, change: AuditedChange, clock: Clock): void {
  sessionRoutes(app, ports, clock);
  userRoutes(app, ports, change);
  tokenRoutes(app, ports, change, clock);
}

function sessionRoutes(app: FastifyInstance, { people, setup, audit }: ApiPorts, clock: Clock): void {
  app.get(
    "/api/v1/me",
    {
      schema: { summary: "Who asks; of a session also what its page sends with changes.", response: { 200: anything } },
    },
    ({ identity, headers }): Me => {
      const secret = identity?.kind === "user" ? cookieOf(headers.cookie, sessionCookie) : undefined;
      return {
        user: identity && { ...identity, name: identity.name || "api token" },
        ...(secret === undefined ? {} : { csrf: people.csrfOf(secret) }),
      };
    },
  );
  const opened = { 200: object({ name: text, role, csrf: text } satisfies Record<keyof LoginAnswer, Schema>) };
  app.post<{ Body: LoginBody }>(
    "/api/v1/login",
    {
      config: { isOpen: true },
      schema: {
        summary: "Opens a session: its secret is a cookie; changes also need `csrf` in the header X-CSRF-Token.",
        body: login,
        response: opened,
      },
    },
    (request, reply) => {
      const { name, password } = request.body;
      return openSession({ audit, clock }, "login", request, reply, () => people.login(name, password, request.ip));
    },
  );
  app.post<{ Body: SetupBody }>(
    "/api/v1/setup",
    {
      config: { isOpen: true },
      schema: {
        summary: "Makes the first admin with the code of the link that is printed at the start, and opens a session.",
        body: object({ code: password, name, password } satisfies Record<keyof SetupBody, Schema>),
        response: opened,
      },
    },
    (request, reply) => {
      const { code, name, password } = request.body;
      return openSession({ audit, clock }, "setup", request, reply, () =>
        setup.redeem(code, name, password, request.ip),
      );
    },
  );
  app.post(
    "/api/v1/logout",
    { config: { role: "viewer" }, schema: { summary: "Ends the session.", response: { 200: object({ done: text }) } } },
    async ({ headers }, reply) => {
      const secret = cookieOf(headers.cookie, sessionCookie);
      if (secret !== undefined) await people.logout(secret);
      setCookie(reply, "", 0, headers.origin);
      return { done: "logged out" };
    },
  );
}

type Asked = Pick<FastifyRequest<{ Body: LoginBody }>, "body" | "ip" | "headers">;

/** Audited whether it opens or not; what did not fit is recorded by its code, never with what was typed. */
async function openSession(
  { audit, clock }: { audit: ApiPorts["audit"]; clock: Clock },
  action: "login" | "setup",
  { body, ip, headers }: Asked,
  reply: FastifyReply,
  open: () => Promise<OpenedSession>,
): Promise<LoginAnswer> {
  const event = { at: clock.now(), actor: `${body.name.slice(0, 64)} from ${ip}`, action, target: "page" };
  try {
    const { secret, csrf, user } = await open();
    await audit.append({ ...event, result: "done" });
    setCookie(reply, secret, Math.floor(sessionLongestMs / 1000), headers.origin);
    return { name: user.name, role: user.role, csrf };
  } catch (error) {
    const isRefused = error instanceof AppError && Object.hasOwn(accessReasons, error.code);
    await audit.append({ ...event, result: `failed: ${isRefused ? error.code : describeError(error)}` });
    throw error;
  }
}

/** Never readable by a script, never sent by another site; over TLS only where the page came so. */
function setCookie(reply: FastifyReply, value: string, seconds: number, origin: string | undefined): void {
  const isTls = origin?.startsWith("https:") === true;
  const flags = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isTls ? "; Secure" : ""}`;
  reply.header("set-cookie", `${sessionCookie}=${value}; ${flags}`);
}

function userRoutes(app: FastifyInstance, { people }: ApiPorts, change: AuditedChange): void {
  const answers = { response: { 200: mutationAnswer }, security: withToken };
  app.get("/api/v1/users", { ...admin, schema: { summary: "Users.", response: { 200: anything } } }, async () => ({
    users: await people.users(),
  }));
  app.post<{ Body: AddUserBody }>(
    "/api/v1/users",
    { ...admin, schema: { summary: "Adds a user.", body: object({ name, password, role }), ...answers } },
    ({ body, actor }) =>
      change({ action: "user.add", target: body.name, name: body.name, actor }, async () => {
        await people.addUser(body.name, body.password, body.role);
        return { done: `${body.name} may log in as ${body.role}` };
      }),
  );
  app.post<{ Params: { user: string }; Body: { password: string } }>(
    "/api/v1/users/:user/password",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Sets a password, and ends the user's sessions. One's own, or anybody's by an admin.",
        params: user,
        body: object({ password }),
        ...answers,
      },
    },
    ({ params, body, actor, identity }) => {
      const isOwn = identity?.kind === "user" && identity.name === params.user;
      if (!isOwn && !roleAllows(identity?.role ?? "viewer", "admin")) throw accessRefusal("role-too-low");
      return change({ action: "user.password", target: params.user, name: params.user, actor }, async () => {
        await people.setPassword(params.user, body.password);
        return { done: `${params.user} has a new password` };
      });
    },
  );
  app.post<{ Params: { user: string }; Body: { role: Role } }>(
    "/api/v1/users/:user/role",
    { ...admin, schema: { summary: "Gives a user another role.", params: user, body: object({ role }), ...answers } },
    ({ params, body, actor }) =>
      change({ action: "user.role", target: params.user, name: params.user, actor }, async () => {
        await people.setRole(params.user, body.role);
        return { done: `${params.user} is ${body.role}` };
      }),
  );
  for (const verb of ["disable", "enable"] as const)
    app.post<{ Params: { user: string } }>(
      `/api/v1/users/:user/${verb}`,
      {
        ...admin,
        schema: {
          summary: verb === "disable" ? "Ends a user's sessions and refuses new ones." : "Lets a user log in again.",
          params: user,
          ...answers,
        },
      },
      ({ params, actor }) =>
        change({ action: `user.${verb}`, target: params.user, name: params.user, actor }, async () => {
          await people[verb](params.user);
          return { done: `${params.user} is ${verb}d` };
        }),
    );
}

function tokenRoutes(app: FastifyInstance, { people }: ApiPorts, change: AuditedChange, clock: Clock): void {
  app.get(
    "/api/v1/tokens",
    { ...admin, schema: { summary: "Named API tokens, without their secrets.", response: { 200: anything } } },
    async () => ({ tokens: await people.tokens() }),
  );
  app.post<{ Body: AddTokenBody }>(
    "/api/v1/tokens",
    {
      ...admin,
      schema: {
        summary: "Makes an API token; its secret is told this once.",
        body: object({ name: label, role, "days?": { type: "integer", minimum: 1, maximum: 3_650 } }),
        response: { 200: object({ done: text, auditId: integer, id: text, token: text }) },
        security: withToken,
      },
    },
    ({ body, actor }) =>
      change({ action: "token.add", target: body.name, name: `token ${body.name}`, actor }, async () => {
        const until = body.days === undefined ? undefined : clock.now() + body.days * dayMs;
        const made = await people.addToken(body.name, body.role, actor, until);
        return { done: `token ${body.name} works as ${body.role}`, ...made };
      }),
  );
  app.post<{ Params: { id: string } }>(
    "/api/v1/tokens/:id/remove",
    {
      ...admin,
      schema: {
        summary: "Withdraws an API token.",
        params: pathOf({ id: name }),
        response: { 200: mutationAnswer },
        security: withToken,
      },
    },
    ({ params: { id }, actor }) =>
      change({ action: "token.remove", target: id, name: `token ${id}`, actor }, async () => {
        if (!(await people.removeToken(id))) throw new AppError(`There is no token ${id}.`, { code: "not-found" });
        return { done: `token ${id} is withdrawn` };
      }),
  );
}
