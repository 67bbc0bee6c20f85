import type { Role } from "../../../src/access/roles.ts";
import type { Session } from "../live/session-state.ts";

/** What each role may do, in the order in which they rise. */
export const roleWords: Readonly<Record<Role, string>> = {
  viewer: "looks",
  responder: "acts on nodes, alerts and incidents",
  admin: "also manages users and tokens, and reads the audit",
};

/** Why somebody's role is not enough, with who they are: the server's words speak of "yours" alone. */
export function refusedWords(message: string, session: Session, isByToken: boolean): string {
  if (isByToken) return `The API token of this tab may not do this. ${message}`;
  return session.kind === "user" ? `You are ${session.name}, ${session.role}. ${message}` : message;
}

/** Where to go after a login: a path of this page, never of another site, and never the login again. */
export function backPath(back: string | undefined): string {
  const isOwn = back !== undefined && /^\/(?![/\\])/.test(back);
  return isOwn && !back.startsWith("/login") ? back : "/";
}
