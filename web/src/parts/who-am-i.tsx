import { Link, useLocation } from "@tanstack/react-router";
import { useSession } from "../live/session-state.ts";
import styles from "./who-am-i.module.css";

/** Who is logged in, as the way to log out; else the way to log in, and back to this page. */
export function WhoAmI() {
  const session = useSession();
  const { href } = useLocation();
  if (session.kind === "unknown") return null;
  const isUser = session.kind === "user";
  return (
    <Link
      to="/login"
      search={isUser ? {} : { back: href }}
      className={styles.who}
      aria-label={isUser ? `Logged in as ${session.name}, ${session.role}` : "Log in"}
      title={isUser ? `Logged in as ${session.name}, ${session.role}` : "Log in"}
    >
      <svg className={styles.drawing} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.2 14c.4-3 2.8-4.4 5.8-4.4s5.4 1.4 5.8 4.4" />
      </svg>
      <span className={styles.name}>{isUser ? session.name : "Log in"}</span>
    </Link>
  );
}
