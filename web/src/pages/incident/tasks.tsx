import { useState, type FormEvent } from "react";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import type { IncidentTask } from "../../../../src/incidents/types.ts";
import { addTask, setTask } from "../../live/respond-api.ts";
import { useAction, type Action } from "../../live/use-action.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import type { Tone } from "../../model/shown-state.ts";
import styles from "./tasks.module.css";

const tones: Readonly<Record<IncidentTask["state"], Tone>> = { open: "wait", done: "fine", dropped: "aside" };
const moves: Readonly<Record<IncidentTask["state"], readonly { to: IncidentTask["state"]; word: string }[]>> = {
  open: [
    { to: "done", word: "Done" },
    { to: "dropped", word: "Drop" },
  ],
  done: [{ to: "open", word: "Open again" }],
  dropped: [{ to: "open", word: "Open again" }],
};

/** What somebody must do, the open ones first. One click each; the server's answer stands above. */
export function Tasks({ incident }: { incident: IncidentDetail }) {
  const action = useAction<string>();
  const [text, setText] = useState("");
  const [owner, setOwner] = useState("");
  const { tasks, reference } = incident;
  const open = tasks.filter(({ state }) => state === "open");
  const sorted = [...open, ...tasks.filter(({ state }) => state !== "open")];
  const isSending = action.step.kind === "sending";
  const add = (event: FormEvent) => {
    event.preventDefault();
    const [what, who] = [text.trim(), owner.trim()];
    if (what === "" || isSending) return;
    action.send("add", async (token) => {
      const answer = await addTask(reference, { text: what, ...(who === "" ? {} : { owner: who }) }, token);
      setText("");
      setOwner("");
      return answer;
    });
  };
  return (
    <Section title="Tasks" aside={tasks.length === 0 ? undefined : `${open.length} of ${tasks.length} open`}>
      <ActionOutcome action={action} unchanged="No task was changed." />
      <TokenOnly action={action} />
      {sorted.length > 0 && (
        <ul aria-label="Tasks">
          {sorted.map((task) => (
            <li key={task.id} className={styles.task} data-state={task.state}>
              <StateGlyph tone={tones[task.state]} size={12} />
              <span className={styles.text}>
                {task.text} <span className={styles.quiet}>{task.owner === "" ? "nobody has it" : task.owner}</span>
                {task.state !== "open" && <span className={styles.quiet}>, {task.state}</span>}
              </span>
              <span className={styles.moves}>
                {moves[task.state].map(({ to, word }) => (
                  <Button
                    key={to}
                    disabled={isSending}
                    aria-label={`${word}: ${task.text}`}
                    onClick={() => action.send(task.id, (token) => setTask(reference, task.id, { state: to }, token))}
                  >
                    {word}
                  </Button>
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      <form className={styles.add} onSubmit={add}>
        <input
          aria-label="New task"
          placeholder="New task"
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <input
          aria-label="Who does it"
          placeholder="who"
          autoComplete="off"
          maxLength={80}
          value={owner}
          onChange={(event) => setOwner(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === "" || isSending}>
          Add
        </Button>
      </form>
    </Section>
  );
}

/** These changes ask nothing but, where the tab has none, the token. */
export function TokenOnly({ action }: { action: Action<string> }) {
  const { step } = action;
  if (step.kind !== "token") return null;
  return (
    <ActionDialog action={action} name={step.name} title="Change" confirm="Send" isUnasked call={step.call}>
      {null}
    </ActionDialog>
  );
}
