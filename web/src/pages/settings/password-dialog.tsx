import { useState } from "react";
import { setPassword } from "../../live/access-api.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { refreshSession } from "../../live/session.ts";
import type { Action } from "../../live/use-action.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";

interface PasswordDialogProps<N extends string> {
  action: Action<N>;
  name: N;
  user: string;
  isOwn?: boolean;
}

export function PasswordDialog<N extends string>({ action, name, user, isOwn = false }: PasswordDialogProps<N>) {
  const [password, setTyped] = useState("");
  return (
    <ActionDialog
      action={action}
      name={name}
      title={isOwn ? "New password" : `New password for ${user}`}
      confirm="Set the password"
      isIncomplete={password === ""}
      call={async (token) => {
        const answer = await setPassword(user, password, token);
        // One's own session has ended with the old password.
        await refreshSession();
        refreshRespond();
        return answer;
      }}
    >
      <p>
        {isOwn
          ? "All your sessions end, this one too: log in again with the new one."
          : `All sessions of ${user} end. Give the password to ${user} by a safe way.`}
      </p>
      <label className={form.field}>
        Password
        <input
          type="password"
          autoComplete="new-password"
          autoFocus
          required
          value={password}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className={form.hint}>At least 12 characters: four random words will do.</span>
      </label>
    </ActionDialog>
  );
}
