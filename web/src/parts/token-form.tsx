import { useState, type FormEvent } from "react";
import { Button } from "./button.tsx";
import styles from "./form.module.css";

/** Asks for the API token and says where it is. The field is a password: shoulders and screen shares see dots. */
export function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = typed.trim();
    if (token !== "") onToken(token);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <p>
        Give the API token. When Slotkeeper starts, it prints the path of the file that holds it; on its host, show that
        file and paste its one line here. This tab keeps it until it is closed.
      </p>
      <label className={styles.field}>
        Token
        <input
          data-mono=""
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className={styles.buttons}>
        <Button kind="firm" type="submit">
          Use this token
        </Button>
      </div>
    </form>
  );
}
