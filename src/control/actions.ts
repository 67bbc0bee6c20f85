import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/app-error.ts";
import type { OperatorState } from "../upstream/types.ts";
import { readBody } from "./http-messages.ts";
import type { ControlProvider } from "./provider.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What changes something: one row each. `act` answers with what is sent as JSON. */
interface ActionRow {
  method: "POST" | "DELETE";
  path: RegExp;
  act(provider: ControlProvider, names: readonly string[], body: Fields): unknown;
}

const maxBodyBytes = 4_096;
/** The gateway itself ends a fault after so long, whoever asked for it. */
const maxLeaseMs = 60_000;
const operatorStates: readonly string[] = ["active", "cordoned", "draining", "maintenance"] satisfies OperatorState[];
const done = { done: true };

const rows: readonly ActionRow[] = [
  {
    method: "POST",
    path: /^\/v1\/nodes\/([^/]+)\/([^/]+)\/operator$/,
    act(provider, [group = "", node = ""], body) {
      const { state, isForced } = body;
      if (typeof state !== "string" || !operatorStates.includes(state))
        throw bad(`read the operator state: expected one of ${operatorStates.join(", ")}`);
      const by = whoAsks(body);
      if (isForced === true) provider.setOperatorState(group, node, state as OperatorState, by, true);
      else provider.setOperatorState(group, node, state as OperatorState, by);
      return done;
    },
  },
  {
    method: "POST",
    path: /^\/v1\/groups\/([^/]+)\/hold$/,
    act: (provider, [group = ""], body) => (
      provider.hold(group, text(body, "reason", 500, "why nothing may be signed"), whoAsks(body)),
      done
    ),
  },
  {
    method: "POST",
    path: /^\/v1\/groups\/([^/]+)\/release$/,
    act: (provider, [group = ""], body) => (provider.release(group, whoAsks(body)), done),
  },
  {
    method: "POST",
    path: /^\/v1\/groups\/([^/]+)\/watermark\/reset$/,
    act: (provider, [group = ""], body) => (provider.resetWatermark(group, whoAsks(body)), done),
  },
  {
    method: "POST",
    path: /^\/v1\/groups\/([^/]+)\/branch$/,
    act: (provider, [group = ""], body) => (
      provider.chooseBranch(group, text(body, "root", 100, "the root of the branch's head"), whoAsks(body)),
      done
    ),
  },
  {
    method: "POST",
    path: /^\/v1\/faults$/,
    act(provider, _names, body) {
      const { settings, isForced } = body;
      const hasSettings = typeof settings === "object" && settings !== null && !Array.isArray(settings);
      if (settings !== undefined && !hasSettings) throw bad("read the fault: `settings` must be an object");
      return provider.startFault({
        group: text(body, "group", 200, "the group of the node"),
        node: text(body, "node", 200, "the node"),
        kind: text(body, "kind", 100, "the kind of fault"),
        leaseMs: leaseOf(body),
        by: whoAsks(body),
        ...(hasSettings ? { settings: settings as Fields } : {}),
        ...(isForced === true ? { isForced } : {}),
      });
    },
  },
  {
    method: "POST",
    path: /^\/v1\/faults\/([^/]+)\/renew$/,
    act: (provider, [id = ""], body) => provider.renewFault(id, leaseOf(body)),
  },
  {
    method: "DELETE",
    path: /^\/v1\/faults\/([^/]+)$/,
    act: async (provider, [id = ""]) => (await provider.stopFault(id), done),
  },
];

/** The action of a path with the names in it, decoded; `undefined` where the path changes nothing. */
export function findAction(
  pathname: string,
): { method: ActionRow["method"]; act: ActionRow["act"]; names: string[] } | undefined {
  for (const { method, path, act } of rows) {
    const match = path.exec(pathname);
    if (match) return { method, act, names: match.slice(1).map(decode) };
  }
  return undefined;
}

/** The body as an object; of a `DELETE` none is needed. Throws `AppError` `bad-request` or `too-large`. */
export async function readJson(request: IncomingMessage, method: ActionRow["method"]): Promise<Fields> {
  const body = await readBody(request, maxBodyBytes);
  if (method === "DELETE" && body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AppError("read the request: the body is no JSON", { code: "bad-request", cause });
  }
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new AppError("read a name in the path: its percent-encoding is broken", { code: "bad-request", cause });
  }
}

const whoAsks = (body: Fields) => text(body, "by", 200, "who asks");

function leaseOf({ leaseMs }: Fields): number {
  if (typeof leaseMs === "number" && Number.isInteger(leaseMs) && leaseMs > 0 && leaseMs <= maxLeaseMs) return leaseMs;
  throw bad(`read the fault: \`leaseMs\` must be a whole number from 1 to ${maxLeaseMs}`);
}

function text(body: Fields, name: string, maxLength: number, what: string): string {
  const value = body[name];
  if (typeof value === "string" && value.trim() !== "" && value.length <= maxLength) return value;
  throw bad(`read the request: \`${name}\` must say ${what}, in 1 to ${maxLength} characters`);
}

const bad = (message: string) => new AppError(message, { code: "bad-request" });
