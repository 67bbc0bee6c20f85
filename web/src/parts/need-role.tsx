import { Link, useLocation } from "@tanstack/react-router";
import type { Role } from "../../../src/access/roles.ts";
import { useSession } from "../live/session-state.ts";
import { Notice } from "./notice.tsx";

/** In place of what the reader may not see: who may, and how to become one. */
export function NeedRole({ what, role }: { what: string; role: Role }) {
  const session = useSession();
  const { href } = useLocation();
  if (session.kind === "unknown") return <Notice tone="wait" title="Asking who you are…" role="status" />;
  return (
    <Notice tone="unknown" title={`${what} for ${role}s only.`}>
      {session.kind === "user" ? (
        <>
          You are {session.name}, {session.role}. Ask an admin to give you the role, or{" "}
          <Link to="/login">log in as somebody else</Link>.
        </>
      ) : (
        <Link to="/login" search={{ back: href }}>
          Log in as {role === "admin" ? "an admin" : `a ${role}`}
        </Link>
      )}
    </Notice>
  );
}
