import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiFailure } from "../../live/api.ts";
import { login, logout, setUp } from "../../live/session.ts";
import { useSession } from "../../live/session-state.ts";
import { backPath, roleWords } from "../../model/access-words.ts";
import { Button } from "../../parts/button.tsx";
import { LoginForm } from "../../parts/login-form.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./login-page.module.css";

const route = getRouteApi("/login");

/** Log in, log out, and on the very first start: the link that makes the first admin. */
export function LoginPage() {
  const { setup, back } = route.useSearch();
  const session = useSession();
  const [isEntering, setEntering] = useState(false);
  /** Loaded anew: whatever could not be read before is read with the new session. */
  const enter = (path: string) => {
    setEntering(true);
    location.assign(path);
  };
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>Slotkeeper</h1>
      {isEntering ? (
        <Notice tone="wait" title="Logged in. Opening the page…" role="status" />
      ) : setup !== undefined ? (
        <FirstAdmin code={setup} onDone={() => enter("/")} />
      ) : session.kind === "user" ? (
        <LoggedIn name={session.name} role={session.role} back={backPath(back)} />
      ) : (
        <LogIn isNeeded={session.kind === "nobody" && session.isLoginNeeded} onDone={() => enter(backPath(back))} />
      )}
    </div>
  );
}

function FirstAdmin({ code, onDone }: { code: string; onDone: () => void }) {
  return (
    <Section title="Make the first admin">
      <div className={styles.body}>
        <p>
          Nobody may log in yet. Choose a name and a password: this user manages the others. The link that brought you
          here works once, and for 24 hours from when it was printed.
        </p>
        <LoginForm
          confirm="Make this admin and log in"
          isNew
          hasFocus
          onSubmit={(name, password) => setUp({ code, name, password })}
          onDone={onDone}
        />
      </div>
    </Section>
  );
}

function LogIn({ isNeeded, onDone }: { isNeeded: boolean; onDone: () => void }) {
  return (
    <Section title="Log in">
      <div className={styles.body}>
        {isNeeded && (
          <p>This Slotkeeper can be reached from other machines, so that it shows nothing before you log in.</p>
        )}
        <LoginForm confirm="Log in" hasFocus onSubmit={(name, password) => login({ name, password })} onDone={onDone} />
        <p className={styles.hint}>
          No user yet? While there is none, Slotkeeper prints a link for the first admin each time it starts. Password
          forgotten? An admin sets a new one, or on the host: <code>slotkeeper user password NAME</code>.
        </p>
      </div>
    </Section>
  );
}

function LoggedIn({ name, role, back }: { name: string; role: keyof typeof roleWords; back: string }) {
  const [failure, setFailure] = useState<string>();
  const leave = async () => {
    try {
      await logout();
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error.message : String(error));
    }
  };
  return (
    <Section title={`You are ${name}`}>
      <div className={styles.body}>
        <p>
          Your role is <strong>{role}</strong>: who has it {roleWords[role]}.
        </p>
        {failure !== undefined && <Notice tone="bad" title={`You are still logged in. ${failure}`} role="alert" />}
        <div className={styles.buttons}>
          <Button onClick={() => void leave()}>Log out</Button>
          <a href={back}>Go on to the page</a>
          <Link to="/settings">Settings and password</Link>
        </div>
      </div>
    </Section>
  );
}
