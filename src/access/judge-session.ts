import type { AccessReasonCode } from "./reasons.ts";
import type { ApiTokenRecord, Session, User } from "./types.ts";

const hourMs = 3_600_000;
/** Unused for so long, a session ends: a shift and its handover. */
export const sessionIdleMs = 12 * hourMs;
/** However busy it is. */
export const sessionLongestMs = 7 * 24 * hourMs;

type SessionVerdict = Extract<AccessReasonCode, "allowed" | "session-unknown" | "session-expired" | "user-disabled">;

/** May this session still be used? Pure. */
export function judgeSession(session: Session | undefined, user: User | undefined, now: number): SessionVerdict {
  if (!session || !user || session.user !== user.name) return "session-unknown";
  if (user.disabledAt !== undefined) return "user-disabled";
  const isOld = now - session.lastSeenAt >= sessionIdleMs || now - session.createdAt >= sessionLongestMs;
  // A clock that was set back must not make a session immortal: one from the future is over as well.
  const isOfFuture = session.createdAt > now + hourMs;
  return isOld || isOfFuture || session.createdAt < user.passwordSetAt ? "session-expired" : "allowed";
}

type TokenVerdict = Extract<AccessReasonCode, "allowed" | "token-wrong" | "token-expired">;

/** May this API token still be used? Pure. */
export function judgeToken(token: ApiTokenRecord | undefined, now: number): TokenVerdict {
  if (!token) return "token-wrong";
  return token.expiresAt !== undefined && now >= token.expiresAt ? "token-expired" : "allowed";
}
