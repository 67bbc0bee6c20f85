import { login } from "../live/session.ts";
import type { Refused } from "../live/use-action.ts";
import { LoginForm } from "./login-form.tsx";
import { Notice } from "./notice.tsx";
import styles from "./proof-form.module.css";
import { TokenForm } from "./token-form.tsx";

interface ProofFormProps {
  /** Why what was given before was not taken. */
  refused: Refused | undefined;
  onLoggedIn: () => void;
  onToken: (token: string) => void;
  onCancel: () => void;
}

/** Before a change: who asks? By name and password, or by the API token. */
export function ProofForm({ refused, onLoggedIn, onToken, onCancel }: ProofFormProps) {
  return (
    <div className={styles.ways}>
      {refused !== undefined && (
        <Notice
          tone="warn"
          title={refused.what === "token" ? "That token was not accepted." : "You are no longer logged in."}
          role="alert"
        >
          {refused.message}
        </Notice>
      )}
      <LoginForm
        confirm="Log in"
        onSubmit={(name, password) => login({ name, password })}
        onDone={onLoggedIn}
        onCancel={onCancel}
        hasFocus
      />
      <p className={styles.or}>or</p>
      <TokenForm onToken={onToken} />
    </div>
  );
}
