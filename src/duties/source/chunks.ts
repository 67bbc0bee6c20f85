import type { CallResult } from "../../beacon/call-result.ts";

/** How many ids go into one request's body: about 1 MB of indices. */
export const idsPerBody = 100_000;
/** Servers and proxies take URLs of 8 kB. */
const maxQueryLength = 7000;
/** More URLs than this cost more than one answer with everybody. */
const maxUrls = 64;

/** Ids in bodies. */
export function inBodies<T>(ids: readonly T[]): (readonly T[])[] {
  const bodies: (readonly T[])[] = [];
  for (let from = 0; from < ids.length; from += idsPerBody) bodies.push(ids.slice(from, from + idsPerBody));
  return bodies;
}

/** Ids as `id=1&id=2…` (repeated: some nodes know no comma lists) in as few URLs as fit; `undefined`: ask for everybody. */
export function inQueries(ids: readonly (string | number)[]): string[] | undefined {
  const queries: string[] = [];
  let query = "";
  for (const id of ids) {
    const part = `id=${id}`;
    if (query.length + part.length >= maxQueryLength) {
      queries.push(query);
      query = "";
      if (queries.length >= maxUrls) return undefined;
    }
    query += query === "" ? part : `&${part}`;
  }
  if (query !== "") queries.push(query);
  return queries;
}

/** Makes calls one after the other, of one node and one state, and joins their values; the first failure ends it. */
export async function joinCalls<C, T, R>(
  chunks: readonly C[],
  call: (chunk: C) => Promise<CallResult<T>>,
  join: (values: readonly T[]) => R,
): Promise<CallResult<R>> {
  const values: T[] = [];
  let latencyMs = 0;
  let isFinalized: boolean | undefined;
  let isOptimistic: boolean | undefined;
  for (const chunk of chunks) {
    const result = await call(chunk);
    if (!result.ok) return result;
    values.push(result.value);
    latencyMs += result.latencyMs;
    // Of several answers the most careful one counts.
    if (result.finalized !== undefined) isFinalized = (isFinalized ?? true) && result.finalized;
    if (result.executionOptimistic !== undefined) isOptimistic = isOptimistic === true || result.executionOptimistic;
  }
  return {
    ok: true,
    value: join(values),
    status: 200,
    latencyMs,
    ...(isFinalized !== undefined && { finalized: isFinalized }),
    ...(isOptimistic !== undefined && { executionOptimistic: isOptimistic }),
  };
}

/** Finds an index's place in a list; answers come in the list's own order as a rule, which costs no search. */
export function createPlaces(indices: Uint32Array): (index: number) => number | undefined {
  let next = 0;
  let known: Map<number, number> | undefined;
  return (index) => {
    if (indices[next] === index) return next++;
    if (known === undefined) {
      known = new Map();
      for (let i = 0; i < indices.length; i++) known.set(indices[i]!, i);
    }
    const place = known.get(index);
    if (place !== undefined) next = place + 1;
    return place;
  };
}
