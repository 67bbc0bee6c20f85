import { useState, type FormEvent } from "react";
import { ApiFailure } from "../live/api.ts";
import { Button } from "./button.tsx";
import styles from "./form.module.css";
import { Notice } from "./notice.tsx";

interface LoginFormProps {
  /** Throws `ApiFailure` where it is refused. */
  onSubmit: (name: string, password: string) => Promise<void>;
  onDone: () => void;
  onCancel?: () => void;
  confirm: string;
  /** The password is chosen here, not known: browsers offer to make one. */
  isNew?: boolean;
  hasFocus?: boolean;
}

/** Name and password. What is wrong with them stands above the buttons, in the server's own words. */
export function LoginForm({ onSubmit, onDone, onCancel, confirm, isNew = false, hasFocus = false }: LoginFormProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [state, setState] = useState<{ kind: "typing" | "sending" } | { kind: "refused"; message: string }>({
    kind: "typing",
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (state.kind === "sending") return;
    setState({ kind: "sending" });
    try {
      await onSubmit(name.trim(), password);
      onDone();
    } catch (error) {
      setState({ kind: "refused", message: error instanceof ApiFailure ? error.message : String(error) });
    }
  };
  const isSending = state.kind === "sending";
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <label className={styles.field}>
        Name
        <input
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={64}
          autoFocus={hasFocus}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className={styles.field}>
        Password
        <input
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {isNew && (
          <span className={styles.hint}>
            At least 12 characters, without your name in it: four random words will do.
          </span>
        )}
      </label>
      {state.kind === "refused" && <Notice tone="warn" title={state.message} role="alert" />}
      <div className={styles.buttons}>
        {onCancel !== undefined && <Button onClick={onCancel}>Leave it</Button>}
        <Button kind="firm" type="submit" disabled={isSending} data-busy={isSending || undefined}>
          {isSending ? "Asking…" : confirm}
        </Button>
      </div>
    </form>
  );
}
