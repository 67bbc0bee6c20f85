/** Every fault that the proxy can show, with its settings. Imports nothing, so that the web page may use the names. */
export type Fault =
  | { kind: "refuse" }
  /** `request`: cut as soon as a request is read. `body`: cut in the middle of the answer. Default `request`. */
  | { kind: "reset"; at?: "request" | "body" }
  | { kind: "hang" }
  /** Default 20 bytes a second. `head`: the status line and headers come as slowly as the body. Default `body`. */
  | { kind: "drip"; bytesPerSecond?: number; at?: "head" | "body" }
  /** Default 500. */
  | { kind: "status-5xx"; status?: number }
  /** Default 64 slots. */
  | { kind: "not-ready-206"; syncDistance?: number }
  | { kind: "stale-head" }
  /** How many slots before the head the fork begins. Default 0: from the next block on. */
  | { kind: "wrong-fork"; depthSlots?: number }
  | { kind: "el-offline" }
  | { kind: "frozen-stream" }
  /** Default: another shape for each request. */
  | { kind: "garbage"; shape?: GarbageShape };

export type FaultKind = Fault["kind"];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;
export type GarbageShape = "html" | "truncated" | "wrong-types" | "empty";
