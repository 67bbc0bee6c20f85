import { useState, type FormEvent } from "react";
import { Button } from "./button.tsx";
import styles from "./form.module.css";
import { Notice } from "./notice.tsx";

interface TokenFormProps {
  /** Why the token given before was not taken. */
  refused: string | undefined;
  onToken: (token: string) => void;
  onCancel: () => void;
}

/** Asks for the API token and says where it is. The field is a password: shoulders and screen shares see dots. */
export function TokenForm({ refused, onToken, onCancel }: TokenFormProps) {
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = typed.trim();
    if (token !== "") onToken(token);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <p>
        Changes need the API token. When Slotkeeper starts, it prints the path of the file that holds it; on its host,
        show that file and paste its one line here. This tab keeps it until it is closed.
      </p>
      {refused !== undefined && (
        <Notice tone="warn" title="That token was not accepted." role="alert">
          {refused}
        </Notice>
      )}
      <label className={styles.field}>
        Token
        <input
          data-mono=""
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className={styles.buttons}>
        <Button onClick={onCancel}>Leave it</Button>
        <Button kind="firm" type="submit">
          Use this token
        </Button>
      </div>
    </form>
  );
}
