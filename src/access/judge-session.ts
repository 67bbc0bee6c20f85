import type { AccessReasonCode } from "./reasons.ts";
import type { Session, User } from "./types.ts";

const hourMs = 3_600_000;
/** Unused for so long, a session ends: a shift and its handover. */
export const sessionIdleMs = 12 * hourMs;
/** However busy it is. */
export const sessionLongestMs = 7 * 24 * hourMs;

type SessionVerdict = Extract<AccessReasonCode, "allowed" | "session-expired" | "user-disabled">;

/** May this session of this user still be used? Pure. */
export function judgeSession(session: Session, user: User, now: number): SessionVerdict {
  if (user.disabledAt !== undefined) return "user-disabled";
  const isOld = now - session.lastSeenAt >= sessionIdleMs || now - session.createdAt >= sessionLongestMs;
  // A clock that was set back must not make a session immortal: one from the future is over as well.
  const isOfFuture = session.createdAt > now + hourMs;
  return isOld || isOfFuture || session.createdAt < user.passwordSetAt ? "session-expired" : "allowed";
}
