import { concerns, defineSimFault } from "./types.ts";

export const status = defineSimFault({
  kind: "status",
  text: { short: "server error", long: "Answers are server errors." },
  start: (fault) => ({
    interfere(path) {
      if (!concerns(fault, path)) return { kind: "none" };
      const code = fault.status ?? 500;
      const body = JSON.stringify({ code, message: "Internal error (injected)" });
      return { kind: "answer", status: code, contentType: "application/json", body };
    },
  }),
});
