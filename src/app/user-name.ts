import { userInfo } from "node:os";

/** Who runs this process, for audits and messages. A container's user may have no name (uv_os_get_passwd fails). */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
