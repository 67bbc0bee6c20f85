import { defineFault, type GarbageShape } from "../types.ts";
import { replyBytes } from "../reply.ts";

const shapes: readonly GarbageShape[] = ["html", "truncated", "wrong-types", "empty"];

export const garbage = defineFault({
  kind: "garbage",
  text: {
    short: "garbage",
    long: "Every request is answered 200 with something that is no answer: HTML, cut-off JSON, wrong types or nothing.",
  },
  start: (fault, { random }) => ({
    openSockets: "cut-streams",
    answer({ res }) {
      const shape = fault.shape ?? shapes[Math.floor(random() * shapes.length)] ?? "html";
      return replyBytes(res, 200, shape === "html" ? "text/html" : "application/json", bodies[shape]);
    },
  }),
});

const bodies: Readonly<Record<GarbageShape, string>> = {
  html: "<!doctype html><html><body><h1>It works!</h1></body></html>",
  truncated: '{"data":{"head_slot":"1","sync_dist',
  "wrong-types": '{"data":[null,{"head_slot":{},"is_syncing":"maybe","root":42}],"version":[]}',
  empty: "",
};
