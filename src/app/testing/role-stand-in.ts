import { createServer } from "node:http";
import { inheritedEnv, parseInherited } from "../inherited-listeners.ts";

/**
 * For tests of the supervisor: a role that answers its process id on the first inherited socket, is ready at once, and
 * ends on SIGTERM, when its supervisor is gone, or as the path of the request says.
 */
const fd = [...parseInherited(process.env[inheritedEnv]).values()][0] ?? -1;
const server = createServer((request, response) => {
  const path = request.url ?? "/";
  if (path.startsWith("/exit/")) process.exit(Number(path.slice("/exit/".length)));
  if (path === "/stuck") for (;;);
  if (path === "/deaf") process.removeAllListeners("SIGTERM").on("SIGTERM", () => {});
  response.end(String(process.pid));
});
setInterval(() => process.send?.({ kind: "alive" }), 50).unref();
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
if (process.argv[3]?.endsWith("/hopeless")) process.exit(3);
server.listen({ fd }, () => process.send?.({ kind: "ready" }));
