import { runRole } from "./run-role.ts";

/** The entry of a supervised child: `role-main.ts gateway|monitor CONFIG`. */
if (import.meta.main) {
  const [role, configPath] = process.argv.slice(2);
  const isUsable = (role === "gateway" || role === "monitor") && configPath !== undefined;
  // Everything has been stopped in order; what a library still holds open must not delay the end.
  process.exit(isUsable ? await runRole(role, configPath) : 2);
}
