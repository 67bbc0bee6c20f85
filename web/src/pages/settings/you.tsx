import { Link } from "@tanstack/react-router";
import { useSession } from "../../live/session-state.ts";
import { useAction } from "../../live/use-action.ts";
import { roleWords } from "../../model/access-words.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { WhoAmI } from "../../parts/who-am-i.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import styles from "./settings-page.module.css";

/** Who is logged in, and one's own password. */
export function You() {
  const session = useSession();
  const action = useAction<"password">();
  return (
    <Section title="You">
      <div className={styles.body}>
        {session.kind === "user" ? (
          <>
            <span>
              <strong>{session.name}</strong>, {session.role}: {roleWords[session.role]}.
            </span>
            <Button onClick={() => action.ask("password")}>New password…</Button>
            <Link to="/login">Log out</Link>
          </>
        ) : (
          <>
            <span>Nobody is logged in here; changes ask for a login or the API token.</span>
            <WhoAmI />
          </>
        )}
      </div>
      <ActionOutcome action={action} unchanged="Your password was not changed." />
      {session.kind === "user" && action.step.kind !== "idle" && (
        <PasswordDialog action={action} name="password" user={session.name} isOwn />
      )}
    </Section>
  );
}
