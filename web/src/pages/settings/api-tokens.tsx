import { useState } from "react";
import type { AddTokenAnswer, ShownToken } from "../../../../src/api/contract-access.ts";
import type { Role } from "../../../../src/access/roles.ts";
import { addToken, removeToken } from "../../live/access-api.ts";
import { useApiTokens } from "../../live/alerts-queries.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { useAction, type Action } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { plural } from "../../model/format.ts";
import { tokenShown } from "../../model/settings-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { CopyLine } from "../../parts/copy-line.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import { RoleField } from "./role-field.tsx";
import styles from "./settings-page.module.css";

type TokenAction = "add" | "remove";

/** Scripts' keys. A new one is shown once, here, and kept by nobody but whoever copies it. */
export function ApiTokens() {
  const { data, failureReason } = useApiTokens(true);
  const action = useAction<TokenAction>();
  const [chosen, setChosen] = useState<ShownToken>();
  const [made, setMade] = useState<AddTokenAnswer>();
  const asked = action.step.kind === "idle" ? undefined : action.step.name;
  return (
    <Section
      title="API tokens"
      aside={
        <span>
          {data !== undefined && `${plural(data.tokens.length, "token")} · `}
          <Button onClick={() => action.ask("add")}>Make a token…</Button>
        </span>
      }
    >
      <ActionOutcome action={action} unchanged="Nothing was changed." />
      {made !== undefined && (
        <div className={styles.secret} role="group" aria-label="New token">
          <CopyLine does="The new token. It is shown this once: copy it now." text={made.token} />
          <div>
            <Button onClick={() => setMade(undefined)}>I have copied it</Button>
          </div>
        </div>
      )}
      {data === undefined ? (
        <WaitForPart what="the tokens" failure={failureReason} />
      ) : data.tokens.length === 0 ? (
        <Notice tone="unknown" title="No token was made.">
          Scripts, and what sends alerts here, need one each: it is audited by its name and can be removed alone.
        </Notice>
      ) : (
        <ul aria-label="API tokens">
          {data.tokens.map((token) => (
            <Row
              key={token.id}
              token={token}
              onRemove={() => {
                setChosen(token);
                action.ask("remove");
              }}
            />
          ))}
        </ul>
      )}
      {asked === "add" && <AddDialog action={action} onMade={setMade} />}
      {asked === "remove" && chosen !== undefined && (
        <ActionDialog
          action={action}
          name="remove"
          title={`Remove the token ${chosen.name}?`}
          confirm="Remove it"
          isHarmful
          call={async (token) => {
            const answer = await removeToken(chosen.id, token);
            refreshRespond();
            return answer;
          }}
        >
          <p>Whatever uses it is refused from now on. It cannot be brought back.</p>
        </ActionDialog>
      )}
    </Section>
  );
}

function Row({ token, onRemove }: { token: ShownToken; onRemove: () => void }) {
  const now = useNow();
  const { tone, words } = tokenShown(token, now);
  return (
    <li className={styles.item} data-off={tone === "unknown" || undefined}>
      <span className={styles.name}>
        <StateGlyph tone={tone} size={12} />
        <span>{token.name}</span>
      </span>
      <span>{token.role}</span>
      <span className={styles.words}>{words}</span>
      <Button aria-label={`Remove token ${token.name}`} onClick={onRemove}>
        Remove…
      </Button>
    </li>
  );
}

const daysChoices = [7, 30, 90, 365] as const;

function AddDialog({ action, onMade }: { action: Action<TokenAction>; onMade: (made: AddTokenAnswer) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("responder");
  const [days, setDays] = useState<number>(90);
  return (
    <ActionDialog
      action={action}
      name="add"
      title="Make an API token"
      confirm="Make the token"
      isIncomplete={name.trim() === ""}
      call={async (token) => {
        const answer = await addToken({ name: name.trim(), role, ...(days === 0 ? {} : { days }) }, token);
        onMade(answer);
        refreshRespond();
        return answer;
      }}
    >
      <label className={form.field}>
        What it is for
        <input
          autoComplete="off"
          autoFocus
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span className={form.hint}>The audit names it so: “prometheus eu-1”.</span>
      </label>
      <RoleField role={role} onChange={setRole} />
      <label className={form.field}>
        Works for
        <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {daysChoices.map((choice) => (
            <option key={choice} value={choice}>
              {choice} days
            </option>
          ))}
          <option value={0}>as long as it is not removed</option>
        </select>
      </label>
    </ActionDialog>
  );
}
