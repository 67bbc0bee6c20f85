import { basename } from "node:path";
import { createServer } from "node:http";
import { inheritedEnv, parseInherited } from "../inherited-listeners.ts";
import { takeOverEnv, type LauncherMessage, type RoleMessage } from "../role-messages.ts";

/**
 * For tests of the upgrade: a gateway that answers, on the first inherited socket, its process id and what its launcher told
 * it; after `/stay` it does not leave when told to. The environment says in what way it fails where it is to take over; serving from the start it always does well.
 */
const fault = process.env["STAND_IN_FAULT"] ?? "";
const isTakingOver = process.env[takeOverEnv] !== undefined;
const heard: string[] = [];
let stays = false;
const fd = [...parseInherited(process.env[inheritedEnv]).values()][0] ?? -1;
const server = createServer((request, response) => {
  if (request.url === "/stay") stays = true;
  response.setHeader("connection", "close");
  response.end(JSON.stringify({ pid: process.pid, heard, config: basename(process.argv[3] ?? "") }));
});
const tell = (message: RoleMessage): void => void process.send?.(message);
const serve = (): void => void server.listen({ fd }, () => tell({ kind: "ready" }));

process.on("message", ({ kind }: LauncherMessage) => {
  heard.push(kind);
  if (kind === "prepare") tell({ kind: "standing", groups: { main: { view: "serving", ready: 2 } } });
  if (kind === "give-up") tell({ kind: "given-up" });
  if (kind === "take-over") {
    if (fault === "ends-taking-over") process.exit(1);
    if (fault === "cannot-open") return tell({ kind: "cannot", why: "open control socket: taken" });
    serve();
  }
  if (kind === "leave" && !stays) server.close(() => process.exit(0));
});
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
setInterval(() => tell({ kind: "alive" }), 50).unref();
if (!isTakingOver) serve();
else if (fault === "ends-at-once") process.exit(1);
else if (fault === "cold") tell({ kind: "cannot", why: "group main is none here and serving in the running process" });
else if (fault !== "mute") tell({ kind: "warm" });
