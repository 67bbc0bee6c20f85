import { useState } from "react";
import type { ShownUser } from "../../../../src/api/contract-access.ts";
import type { Role } from "../../../../src/access/roles.ts";
import { addUser, setEnabled, setRole } from "../../live/access-api.ts";
import { useUsers } from "../../live/alerts-queries.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { useAction, type Action, type ActionAnswer } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { roleWords } from "../../model/access-words.ts";
import { userWords, usersWords } from "../../model/settings-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import form from "../../parts/form.module.css";
import { ProofDialog } from "../../parts/proof-dialog.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { RoleField } from "./role-field.tsx";
import styles from "./settings-page.module.css";

type UserAction = "add" | "role" | "password" | "disable" | "enable";

const andRefresh = async <T extends ActionAnswer>(change: Promise<T>): Promise<T> => {
  const answer = await change;
  refreshRespond();
  return answer;
};

/** People who may log in. There is no removing: the audit goes on naming them; who must go is disabled. */
export function Users({ own }: { own: string }) {
  const { data, failureReason } = useUsers(true);
  const action = useAction<UserAction>();
  const [chosen, setChosen] = useState<ShownUser>();
  const ask = (name: UserAction, user?: ShownUser) => {
    setChosen(user);
    action.ask(name);
  };
  const { step } = action;
  const asked = step.kind === "idle" ? undefined : step.name;
  return (
    <Section
      title="Users"
      aside={
        <span>
          {data !== undefined && `${usersWords(data.users)} · `}
          <Button onClick={() => ask("add")}>Add a user…</Button>
        </span>
      }
    >
      <ActionOutcome action={action} unchanged="Nothing was changed." />
      {data === undefined ? (
        <WaitForPart what="the users" failure={failureReason} />
      ) : (
        <ul aria-label="Users">
          {data.users.map((user) => (
            <Row
              key={user.name}
              user={user}
              isOwn={user.name === own}
              onAsk={(name) =>
                name === "enable"
                  ? action.send("enable", (token) => andRefresh(setEnabled(user.name, true, token)))
                  : ask(name, user)
              }
            />
          ))}
        </ul>
      )}
      {asked === "add" && <AddDialog action={action} />}
      {asked === "role" && chosen !== undefined && <RoleDialog action={action} user={chosen} />}
      {asked === "password" && chosen !== undefined && (
        <PasswordDialog action={action} name="password" user={chosen.name} isOwn={chosen.name === own} />
      )}
      {asked === "disable" && chosen !== undefined && (
        <ActionDialog
          action={action}
          name="disable"
          title={`Disable ${chosen.name}?`}
          confirm={`Disable ${chosen.name}`}
          isHarmful
          call={(token) => andRefresh(setEnabled(chosen.name, false, token))}
        >
          <p>All sessions of {chosen.name} end at once, and no new one opens until the user is enabled again.</p>
        </ActionDialog>
      )}
      {asked === "enable" && <ProofDialog action={action} />}
    </Section>
  );
}

function Row({ user, isOwn, onAsk }: { user: ShownUser; isOwn: boolean; onAsk: (name: UserAction) => void }) {
  const now = useNow();
  const isOff = user.disabledAt !== undefined;
  return (
    <li className={styles.item} data-off={isOff || undefined}>
      <span className={styles.name}>
        <StateGlyph tone={isOff ? "aside" : "fine"} size={12} />
        <span>
          {user.name}
          {isOwn && " (you)"}
        </span>
      </span>
      <span>{user.role}</span>
      <span className={styles.words}>{userWords(user, now)}</span>
      <span className={styles.buttons}>
        <Button aria-label={`Role of ${user.name}`} onClick={() => onAsk("role")}>
          Role…
        </Button>
        <Button aria-label={`Password of ${user.name}`} onClick={() => onAsk("password")}>
          Password…
        </Button>
        {isOff ? (
          <Button aria-label={`Enable ${user.name}`} onClick={() => onAsk("enable")}>
            Enable
          </Button>
        ) : (
          <Button aria-label={`Disable ${user.name}`} onClick={() => onAsk("disable")}>
            Disable…
          </Button>
        )}
      </span>
    </li>
  );
}

function AddDialog({ action }: { action: Action<UserAction> }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setChosenRole] = useState<Role>("responder");
  return (
    <ActionDialog
      action={action}
      name="add"
      title="Add a user"
      confirm="Add the user"
      isIncomplete={name.trim() === "" || password === ""}
      call={(token) => andRefresh(addUser({ name: name.trim(), password, role }, token))}
    >
      <label className={form.field}>
        Name
        <input
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          required
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span className={form.hint}>Lower case letters, digits, dots, dashes and underscores.</span>
      </label>
      <label className={form.field}>
        First password
        <input
          type="password"
          autoComplete="new-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <span className={form.hint}>At least 12 characters: four random words will do.</span>
      </label>
      <RoleField role={role} onChange={setChosenRole} />
    </ActionDialog>
  );
}

function RoleDialog({ action, user }: { action: Action<UserAction>; user: ShownUser }) {
  const [role, setChosenRole] = useState<Role>(user.role);
  return (
    <ActionDialog
      action={action}
      name="role"
      title={`Role of ${user.name}`}
      confirm={`Make ${user.name} ${role}`}
      isIncomplete={role === user.role}
      call={(token) => andRefresh(setRole(user.name, role, token))}
    >
      <p>
        {user.name} is {user.role} now: {roleWords[user.role]}.
      </p>
      <RoleField role={role} onChange={setChosenRole} />
    </ActionDialog>
  );
}
