import { concerns, defineSimFault, type SimGarbageShape } from "./types.ts";

export const garbage = defineSimFault({
  kind: "garbage",
  text: { short: "garbage", long: "Status 200 with HTML, cut-off JSON, wrong types, nothing, or a body without end." },
  start: (fault) => ({
    interfere(path) {
      if (!concerns(fault, path)) return { kind: "none" };
      const shape = fault.shape ?? "html";
      const contentType = shape === "html" ? "text/html" : "application/json";
      return { kind: "answer", status: 200, contentType, body: bodies[shape], isEndless: shape === "endless" };
    },
  }),
});

const bodies: Readonly<Record<SimGarbageShape, string>> = {
  html: "<!doctype html><html><body><h1>It works!</h1></body></html>",
  truncated: '{"data":{"head_slot":"1","sync_dist',
  "wrong-types": '{"data":[null,{"head_slot":{},"is_syncing":"maybe","root":42}],"version":[]}',
  empty: "",
  endless: `{"data":"${"x".repeat(4096)}`,
};
