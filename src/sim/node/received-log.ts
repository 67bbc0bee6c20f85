import type { ReceivedRequest } from "./types.ts";

/** Which requests a test asks for; everything by default. */
export interface ReceivedFilter {
  method?: string;
  /** A part of the path, or a pattern. */
  path?: string | RegExp;
}

/** The requests that a node received, the newest `capacity` of them. */
export interface ReceivedLog {
  add(request: Omit<ReceivedRequest, "seq" | "status">): ReceivedRequest;
  find(filter?: ReceivedFilter): readonly ReceivedRequest[];
  /** How many came in all, also those that fell out. */
  readonly total: number;
  clear(): void;
}

export function createReceivedLog(capacity: number): ReceivedLog {
  let kept: ReceivedRequest[] = [];
  let total = 0;
  return {
    add(request) {
      const entry = { ...request, seq: ++total, status: 0 };
      if (capacity > 0) kept.push(entry);
      if (kept.length > capacity * 2) kept = kept.slice(-capacity);
      return entry;
    },
    find({ method, path } = {}) {
      return kept.slice(-capacity).filter((request) => {
        if (method !== undefined && request.method !== method) return false;
        return path === undefined || (typeof path === "string" ? request.path.includes(path) : path.test(request.path));
      });
    },
    get total() {
      return total;
    },
    clear() {
      kept = [];
    },
  };
}
