import type { FormEvent, ReactNode } from "react";
import type { Action, ActionCall } from "../live/use-action.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import styles from "./form.module.css";
import { ProofForm } from "./proof-form.tsx";

interface ActionDialogProps<N extends string> {
  action: Action<N>;
  name: N;
  title: string;
  /** What will be true afterwards, and what has to be filled in. */
  children: ReactNode;
  /** What the button does, in words: "Hold signing of main". */
  confirm: string;
  /** The action costs duties or may cost stake: its button looks so. */
  isHarmful?: boolean;
  /** Something is still missing. */
  isIncomplete?: boolean;
  /** Stays open though the server refused: the content tells what to do about it. */
  isRefusalShown?: boolean;
  /** Needs no confirmation: only who asks is asked for. */
  isUnasked?: boolean;
  call: ActionCall;
}

/** The confirmation of a change, and in the same place the question who asks where neither a session nor a token tells. */
export function ActionDialog<N extends string>(props: ActionDialogProps<N>) {
  const { action, name, title, children, confirm, call } = props;
  const { step } = action;
  const isOwn = step.kind !== "idle" && step.name === name;
  const isAsking =
    isOwn &&
    (step.kind === "token" || (props.isUnasked !== true && (step.kind === "confirm" || step.kind === "sending")));
  const isOpen = isAsking || (isOwn && step.kind === "failed" && props.isRefusalShown === true);
  const isSending = step.kind === "sending";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (props.isIncomplete !== true && !isSending) action.send(name, call);
  };
  const isTokenAsked = isOwn && step.kind === "token";
  return (
    <Dialog isOpen={isOpen} onClose={action.close} title={isTokenAsked ? "Log in to go on" : title}>
      {isTokenAsked ? (
        <ProofForm refused={step.refused} onCancel={action.close} onLoggedIn={action.goOn} onToken={action.giveToken} />
      ) : (
        <form className={styles.form} onSubmit={submit}>
          {children}
          <div className={styles.buttons}>
            <Button onClick={action.close}>Leave it</Button>
            <Button
              kind={props.isHarmful === true ? "harm" : "firm"}
              type="submit"
              disabled={isSending || props.isIncomplete === true}
              data-busy={isSending || undefined}
            >
              {isSending ? "Sending…" : confirm}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
