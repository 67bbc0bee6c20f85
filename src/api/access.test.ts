import { afterEach, beforeEach, expect, test } from "vitest";
import type { LoginAnswer } from "./contract-access.ts";
import { authorization, codeOf, startApiUnderTest, type Answer, type ApiUnderTest } from "./testing/api-under-test.ts";

const password = "four random words here";
let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
});
afterEach(() => api.end());

const post = (path: string, headers: Record<string, string>, body?: unknown) =>
  api.ask("POST", `/api/v1/${path}`, headers, body ?? {});
const asAdmin = (path: string, body?: unknown) => post(path, { authorization }, body);
const cordon = (headers: Record<string, string>) => api.ask("POST", "/api/v1/nodes/main/default/bn1/cordon", headers);

/** Cookie and page word of a login. */
async function login(name: string): Promise<{ cookie: string; "x-csrf-token": string }> {
  const answer = await post("login", {}, { name, password });
  expect(answer.status).toBe(200);
  const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  return { cookie, "x-csrf-token": (JSON.parse(answer.text) as LoginAnswer).csrf };
}
const addUser = async (name: string, role: string) =>
  expect((await asAdmin("users", { name, password, role })).status).toBe(200);
const statusAndCode = (answer: Answer) => `${answer.status} ${answer.status < 400 ? "" : codeOf(answer)}`.trim();

test("a responder logs in, acts under that name, and is nobody after logging out", async () => {
  await addUser("alice", "responder");
  const session = await login("alice");
  expect(JSON.parse((await api.ask("GET", "/api/v1/me", session)).text)).toEqual({
    user: { kind: "user", name: "alice", role: "responder" },
    csrf: session["x-csrf-token"],
  });
  // A page that was loaded anew has only its cookie, and goes on with what it is told here.
  const reloaded = await api.ask("GET", "/api/v1/me", { cookie: session.cookie });
  expect(JSON.parse(reloaded.text)).toMatchObject({ csrf: session["x-csrf-token"] });
  // A token beside the cookie wins, and has no page of its own.
  const asToken = await api.ask("GET", "/api/v1/me", { cookie: session.cookie, authorization });
  expect(JSON.parse(asToken.text)).toEqual({ user: { kind: "token", name: "api token", role: "admin" } });
  expect((await cordon(session)).status).toBe(200);
  expect(api.calls).toEqual(["default/bn1 cordoned by alice from 127.0.0.1"]);
  expect(api.audited.map(({ actor, action, result }) => `${actor} ${action} ${result}`)).toEqual([
    "api token from 127.0.0.1 user.add asked",
    "api token from 127.0.0.1 user.add done (asked in record 1)",
    "alice from 127.0.0.1 login done",
    "alice from 127.0.0.1 node.cordon asked",
    "alice from 127.0.0.1 node.cordon done (asked in record 4)",
  ]);
  const out = await post("logout", session);
  expect(String(out.headers["set-cookie"])).toMatch(/^slotkeeper_session=; .*Max-Age=0/);
  expect(statusAndCode(await cordon(session))).toBe("401 session-unknown");
  expect(JSON.parse((await api.ask("GET", "/api/v1/me", session)).text)).toEqual({});
});

test("the cookie is out of reach of scripts and other sites; a change needs the page's own word besides", async () => {
  await addUser("alice", "responder");
  const answer = await post(
    "login",
    { origin: "http://127.0.0.1:1", host: "127.0.0.1:1" },
    { name: "alice", password },
  );
  expect(String(answer.headers["set-cookie"])).toMatch(
    /^slotkeeper_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/,
  );
  const { cookie, "x-csrf-token": csrf } = await login("alice");
  expect(statusAndCode(await cordon({ cookie }))).toBe("403 csrf-wrong");
  expect(statusAndCode(await cordon({ cookie, "x-csrf-token": `${csrf}x` }))).toBe("403 csrf-wrong");
  const foreign = { cookie, "x-csrf-token": csrf, origin: "https://evil.example" };
  expect(statusAndCode(await cordon(foreign))).toBe("403 origin-foreign");
  const login403 = await post("login", { origin: "https://evil.example" }, { name: "alice", password });
  expect(statusAndCode(login403)).toBe("403 origin-foreign");
  expect(api.calls).toEqual([]);
});

test("each role may what it may: viewers look, responders act, admins manage", async () => {
  for (const role of ["viewer", "responder", "admin"]) await addUser(role, role);
  const [viewer, responder, admin] = [await login("viewer"), await login("responder"), await login("admin")];
  expect(statusAndCode(await cordon(viewer))).toBe("403 role-too-low");
  expect(statusAndCode(await cordon(responder))).toBe("200");
  const list = (headers: Record<string, string>) => api.ask("GET", "/api/v1/users", headers);
  expect(await Promise.all([viewer, responder, {}, admin].map(async (who) => statusAndCode(await list(who))))).toEqual([
    ...["403 role-too-low", "403 role-too-low", "401 session-unknown", "200"],
  ]);
  expect((await list(admin)).text).not.toContain("argon2");
  expect(statusAndCode(await post("users", responder, { name: "x", password, role: "admin" }))).toBe(
    "403 role-too-low",
  );
  const own = { password: "another four random words" };
  expect(statusAndCode(await post("users/admin/password", viewer, own))).toBe("403 role-too-low");
  expect(statusAndCode(await post("users/viewer/password", viewer, own))).toBe("200");
  // Its sessions ended with the old password.
  expect(statusAndCode(await cordon(viewer))).toBe("401 session-unknown");
  expect(statusAndCode(await post("users/admin/role", admin, { role: "viewer" }))).toBe("409 last-admin");
  expect(statusAndCode(await post("users/nobody/disable", admin))).toBe("404 user-unknown");
  expect(statusAndCode(await post("users/responder/disable", admin))).toBe("200");
  expect(statusAndCode(await cordon(responder))).toBe("401 session-unknown");
});

test("beyond loopback whoever is known may read, with a token or a session; the page's files ask nobody", async () => {
  await addUser("alice", "viewer");
  const { token } = JSON.parse((await asAdmin("tokens", { name: "graphs", role: "viewer" })).text) as { token: string };
  const { cookie } = await login("alice");
  api.ports.access = { ...api.ports.access, readsNeedToken: true };
  const read = async (headers: Record<string, string>, path = "/api/v1/snapshot") =>
    statusAndCode(await api.ask("GET", path, headers));
  expect(await read({ authorization: `Bearer ${token}` })).toBe("200");
  expect(await read({ authorization: `Bearer ${token}` }, "/metrics")).toBe("200");
  expect(await read({ cookie })).toBe("200");
  expect(await read({})).toBe("401 token-missing");
  expect(await read({ authorization: `Bearer ${token}x` })).toBe("401 token-wrong");
  expect(await read({ cookie: `${cookie}x` })).toBe("401 session-unknown");
  expect(await read({ cookie: `${cookie}x` }, "/")).toBe("200");
});

test("wrong passwords are told apart from nothing, audited, and slowed down", async () => {
  await addUser("alice", "viewer");
  const tries: string[] = [];
  for (let turn = 0; turn < 6; turn++)
    tries.push(
      statusAndCode(await post("login", {}, { name: turn === 0 ? "nobody" : "alice", password: "wrong one" })),
    );
  expect(tries).toEqual([...Array<string>(5).fill("401 login-wrong"), "429 login-throttled"]);
  expect(api.audited.filter(({ action }) => action === "login").map(({ result }) => result)).toEqual([
    ...Array<string>(5).fill("failed: login-wrong"),
    "failed: login-throttled",
  ]);
  expect(statusAndCode(await post("login", {}, { name: "alice" }))).toBe("400 bad-request");
  expect(JSON.stringify(api.audited)).not.toContain("wrong one");
});

test("a named token works with its role and its name in the audit until it is withdrawn", async () => {
  const made = await asAdmin("tokens", { name: "backup", role: "responder", days: 1 });
  const { id, token } = JSON.parse(made.text) as { id: string; token: string };
  const bearer = { authorization: `Bearer ${token}` };
  expect(statusAndCode(await cordon(bearer))).toBe("200");
  expect(api.calls).toEqual(['default/bn1 cordoned by api token "backup" from 127.0.0.1']);
  expect(statusAndCode(await post("users", bearer, { name: "x", password, role: "admin" }))).toBe("403 role-too-low");
  const listed = (await api.ask("GET", "/api/v1/tokens", { authorization })).text;
  expect(listed).toContain('"backup"');
  expect(listed).not.toContain(token);
  expect(statusAndCode(await asAdmin(`tokens/${id}/remove`))).toBe("200");
  expect(statusAndCode(await cordon(bearer))).toBe("401 token-wrong");
  expect(statusAndCode(await asAdmin(`tokens/${id}/remove`))).toBe("404 not-found");
});

test("the link of the first start makes the first admin once, and is worth nothing afterwards", async () => {
  const code = (await api.setup.makeCode()) ?? "";
  const body = { code, name: "alice", password };
  expect(statusAndCode(await post("setup", { origin: "https://evil.example" }, body))).toBe("403 origin-foreign");
  expect(statusAndCode(await post("setup", {}, { ...body, code: `${code}x` }))).toBe("401 setup-code-wrong");
  expect(statusAndCode(await post("setup", {}, { ...body, password: "short" }))).toBe("400 password-too-short");
  expect(statusAndCode(await post("setup", {}, { name: "alice", password }))).toBe("400 bad-request");
  api.ports.access = { ...api.ports.access, readsNeedToken: true };
  const answer = await post("setup", {}, body);
  expect(JSON.parse(answer.text)).toMatchObject({ name: "alice", role: "admin" });
  const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  const session = { cookie, "x-csrf-token": (JSON.parse(answer.text) as LoginAnswer).csrf };
  expect(statusAndCode(await post("users", session, { name: "bob", password, role: "viewer" }))).toBe("200");
  expect(statusAndCode(await post("setup", {}, { ...body, name: "mallory" }))).toBe("409 setup-over");
  expect(api.audited.filter(({ action }) => action === "setup").map(({ result }) => result)).toEqual([
    ...["failed: setup-code-wrong", "failed: password-too-short", "done", "failed: setup-over"],
  ]);
  expect(JSON.stringify(api.audited)).not.toContain(code);
});
