import type { CallResult } from "../../beacon/call-result.ts";
import { acceptSszOrJson, type BytesRoute } from "../../beacon/route.ts";
import type { ValidatorRecord } from "../types.ts";
import type { AskedNode } from "./ask-nodes.ts";
import { createPlaces, inBodies, inQueries, joinCalls } from "./chunks.ts";
import { scanBalancesJson, scanBalancesSsz } from "./scan-balances.ts";
import { scanValidators, validatorStatuses } from "./scan-validators.ts";

/** A weak node takes many seconds to write out a state. */
const timeoutMs = 120_000;
/** Everybody of a network of three million. */
const everybodyMaxBytes = 1.5 * 1024 ** 3;
const recordMaxBytes = 1024;

/** Records of validators by one node: by a body of ids, else in the URL, else everybody's, whichever it can. */
export async function readValidators(
  node: AskedNode,
  stateId: string,
  ids: readonly string[] | undefined,
  withoutStatus: string | undefined,
  signal: AbortSignal,
): Promise<CallResult<readonly ValidatorRecord[]>> {
  const statuses = withoutStatus === undefined ? [] : validatorStatuses.filter((status) => status !== withoutStatus);
  const isAsked = ids === undefined ? () => true : createAsked(ids);
  const route = (method: "GET" | "POST", count: number | undefined): BytesRoute<ValidatorRecord[]> => ({
    operationId: method === "POST" ? "postStateValidators" : "getStateValidators",
    method,
    path: "/eth/v1/beacon/states/{state_id}/validators",
    maxBytes: count === undefined ? everybodyMaxBytes : 65_536 + count * recordMaxBytes,
    // Nodes that do not know a filter answer more than was asked for.
    decode: (body) => scanValidators(body, (one) => one.status !== withoutStatus && isAsked(one)),
  });
  const params = { state_id: stateId };
  const statusQuery = statuses.map((status) => `status=${status}`).join("&");
  const get = (query: string, count: number | undefined) =>
    node.client.callBytes(route("GET", count), params, {
      query: [query, statusQuery].filter((part) => part !== "").join("&"),
      timeoutMs,
      signal,
    });
  const join = (lists: readonly ValidatorRecord[][]) => onceEach(lists);

  if (ids === undefined) return joinCalls([""], (query) => get(query, undefined), join);
  if (ids.length === 0) return { ok: true, value: [], status: 200, latencyMs: 0 };
  return node.firstOffered([
    {
      operationId: "postStateValidators",
      call: () =>
        joinCalls(
          inBodies(ids),
          (some) => {
            const body = { ids: some, ...(statuses.length > 0 && { statuses }) };
            return node.client.callBytes(route("POST", some.length), params, { body, timeoutMs, signal });
          },
          join,
        ),
    },
    {
      operationId: "getStateValidators",
      call: () => {
        const queries = inQueries(ids);
        return joinCalls(queries ?? [""], (query) => get(query, queries && ids.length), join);
      },
    },
  ]);
}

/** Balances by one node in the order of `indices`, NaN for one that it does not know; the same ways as for records. */
export async function readBalances(
  node: AskedNode,
  stateId: string,
  indices: Uint32Array,
  signal: AbortSignal,
): Promise<CallResult<Float64Array>> {
  const params = { state_id: stateId };
  const balances = new Float64Array(indices.length).fill(NaN);
  const placeOf = createPlaces(indices);
  const put = (index: number, balance: number) => {
    const place = placeOf(index);
    if (place !== undefined) balances[place] = balance;
  };
  const route = (method: "GET" | "POST", count: number | undefined): BytesRoute<undefined> => ({
    operationId: method === "POST" ? "postStateValidatorBalances" : "getStateValidatorBalances",
    method,
    path: "/eth/v1/beacon/states/{state_id}/validator_balances",
    accept: acceptSszOrJson,
    maxBytes: count === undefined ? everybodyMaxBytes : 65_536 + count * 128,
    decode: (body, answer) => (answer.isSsz ? scanBalancesSsz(body, put) : scanBalancesJson(body, put)),
  });
  if (indices.length === 0) return { ok: true, value: balances, status: 200, latencyMs: 0 };
  const ids = Array.from(indices, String);
  return node.firstOffered([
    {
      operationId: "postStateValidatorBalances",
      call: () =>
        joinCalls(
          inBodies(ids),
          (body) => node.client.callBytes(route("POST", body.length), params, { body, timeoutMs, signal }),
          () => balances,
        ),
    },
    {
      operationId: "getStateValidatorBalances",
      call: async () => {
        const queries = inQueries(ids);
        const asked = await joinCalls(
          queries ?? [""],
          (query) => node.client.callBytes(route("GET", queries && ids.length), params, { query, timeoutMs, signal }),
          () => balances,
        );
        // Lodestar 1.5.1 takes indices for keys here, finds nobody and says so with an empty list.
        if (!asked.ok || !queries || balances.some((balance) => !Number.isNaN(balance))) return asked;
        const all = await node.client.callBytes(route("GET", undefined), params, { query: "", timeoutMs, signal });
        return all.ok ? { ...all, value: balances } : all;
      },
    },
  ]);
}

function createAsked(ids: readonly string[]): (record: ValidatorRecord) => boolean {
  const indices = new Set<number>();
  const pubkeys = new Set<string>();
  for (const id of ids) {
    if (id.startsWith("0x")) pubkeys.add(id.toLowerCase());
    else indices.add(Number(id));
  }
  return (record) => indices.has(record.index) || pubkeys.has(record.pubkey);
}

/** Chunks may overlap, and a node may say the same twice. */
function onceEach(lists: readonly (readonly ValidatorRecord[])[]): readonly ValidatorRecord[] {
  const seen = new Set<number>();
  return lists.flat().filter(({ index }) => seen.size !== seen.add(index).size);
}
