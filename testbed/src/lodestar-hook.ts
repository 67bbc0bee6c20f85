// Loaded into every Lodestar process with `node --import`.
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

// The binding of @chainsafe/blst 0.2 does not load in Node 24 and newer; see blst-adapter.ts.
const blstAdapter = new URL("./blst-adapter.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "@chainsafe/blst" ? { url: blstAdapter, shortCircuit: true } : nextResolve(specifier, context),
});

// Our standard input is a pipe from the process that started us: its end means that one is gone. This covers the
// moment before the process guard knows our pid; the guard covers processes that are frozen and cannot read.
if (isMainThread && process.env["SLOTKEEPER_END_WITH_STDIN"] === "1") {
  process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.on("error", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
  process.stdin.unref();
}
