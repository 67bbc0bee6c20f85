import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../access/access-desk.ts";
import { judgeRequest } from "../access/judge-request.ts";
import { accessReasons, type AccessReasonCode } from "../access/reasons.ts";
import { accessRefusal } from "../access/refusal.ts";
import { roleAllows, type Role } from "../access/roles.ts";
import { AppError } from "../lib/app-error.ts";
import type { Logger } from "../lib/log.ts";
import { basicPassword, bearerToken, secretEqual } from "../lib/secret-equal.ts";
import { loggedPath } from "./logged-path.ts";
import type { ApiPorts } from "./ports.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; `undefined`: nobody that is known, who may look where looking is free. */
    identity: Identity | undefined;
    /** The same in words, for the audit. */
    actor: string;
  }
  interface FastifyContextConfig {
    /** The least role; of a read, that it is not for everybody who may read. Default for changes: responder. */
    role?: Role;
    /** A change that brings its own proof, as a login does. */
    isOpen?: boolean;
    /** Called by other systems: a token is needed, as Bearer or as the password of Basic; no cookie counts, and any Host will do. */
    isForMachines?: boolean;
  }
}

export const sessionCookie = "slotkeeper_session";
export const csrfHeader = "x-csrf-token";

/** Lets a request pass, with who asks, or throws `AppError` with a code of `accessReasons`. */
export async function admit(request: FastifyRequest, reply: FastifyReply, ports: ApiPorts, log: Logger): Promise<void> {
  const { method, headers, ip } = request;
  const isRead = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const path = request.url.split("?")[0] ?? "/";
  // The page's files hold nothing secret, and liveness must be askable without a token.
  const isFree = isRead && !path.startsWith("/api/") && path !== "/metrics";
  const secFetchSite = headers["sec-fetch-site"];
  const { isForMachines = false } = request.routeOptions.config;
  const password = isForMachines ? basicPassword(headers.authorization) : undefined;
  const authorization = password === undefined ? headers.authorization : `Bearer ${password}`;
  const facts = {
    ...{ host: headers.host, origin: headers.origin, authorization, isMutating: !isRead, isForMachines },
    secFetchSite: typeof secFetchSite === "string" ? secFetchSite : undefined,
  };
  const judged = judgeRequest(facts, ports.access);
  const isAsked = judged === "token-missing" || judged === "token-wrong";
  const verdict = isFree && isAsked ? "allowed" : judged;
  const isAboutToken = !isFree && isAsked;
  const found =
    !isFree && (verdict === "allowed" || isAboutToken)
      ? await identify(request, bearerToken(authorization), ports, !isRead)
      : nobody;
  request.identity = found.identity;
  request.actor = actorOf(found.identity, ip);
  const code = verdict === "allowed" || isAboutToken ? decide(verdict, found, request, isRead) : verdict;
  if (code === "allowed") return;
  if (!isRead)
    log.warn(
      { reason: code, path: loggedPath(path), from: ip, host: headers.host },
      "a request that would change something was refused",
    );
  if (code === "token-missing" || code === "token-wrong") reply.header("www-authenticate", 'Bearer realm="slotkeeper"');
  throw accessRefusal(code);
}

/** What becomes of a request whose origin is in order: by who asks, else by what may be asked by anybody. */
function decide(
  verdict: AccessReasonCode,
  { identity, refused }: Found,
  { routeOptions: { config } }: FastifyRequest,
  isRead: boolean,
): AccessReasonCode {
  const { role, isOpen = false } = config;
  if (identity)
    return roleAllows(identity.role, role ?? (isRead || isOpen ? "viewer" : "responder")) ? "allowed" : "role-too-low";
  if (isOpen) return "allowed";
  if (verdict !== "allowed") return refused ?? verdict;
  return role === undefined ? "allowed" : (refused ?? "session-unknown");
}

/** Who a request that was let in comes from by now; `undefined`: nobody that is known any more. */
export async function identifyAgain(request: FastifyRequest, ports: ApiPorts): Promise<Identity | undefined> {
  return (await identify(request, bearerToken(request.headers.authorization), ports, false)).identity;
}

interface Found {
  identity: Identity | undefined;
  refused?: AccessReasonCode;
}

const nobody: Found = { identity: undefined };

/** A token of the request wins over its cookie: scripts mean what they send. */
async function identify(
  request: FastifyRequest,
  token: string | undefined,
  ports: ApiPorts,
  isMutating: boolean,
): Promise<Found> {
  const { people } = ports;
  if (token !== undefined) return attempt(identifyToken(token, ports));
  if (request.routeOptions.config.isForMachines) return nobody;
  const secret = cookieOf(request.headers.cookie, sessionCookie);
  if (secret === undefined) return nobody;
  const csrf = request.headers[csrfHeader];
  return attempt(people.identifySession(secret, typeof csrf === "string" ? csrf : undefined, isMutating));
}

/** Whose token it is. Throws `AppError` with a code of `accessReasons`. */
export async function identifyToken(
  token: string,
  { access, people }: Pick<ApiPorts, "access" | "people">,
): Promise<Identity> {
  if (secretEqual(token, access.token)) return { kind: "token", name: "", role: "admin" };
  return people.identifyToken(token);
}

async function attempt(found: Promise<Identity>): Promise<Found> {
  try {
    return { identity: await found };
  } catch (error) {
    if (error instanceof AppError && Object.hasOwn(accessReasons, error.code))
      return { identity: undefined, refused: error.code as AccessReasonCode };
    throw error;
  }
}

/** As the audit names them. */
export function actorOf(identity: Identity | undefined, ip: string): string {
  if (identity === undefined) return `somebody from ${ip}`;
  if (identity.kind === "user") return `${identity.name} from ${ip}`;
  return `api token ${identity.name === "" ? "" : `"${identity.name}" `}from ${ip}`;
}

/** The value of a cookie (RFC 6265, 4.2); of two with the same name, the first. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
