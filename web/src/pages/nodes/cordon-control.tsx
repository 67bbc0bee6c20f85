import { useState } from "react";
import { ApiFailure, changeCordon } from "../../live/api.ts";
import { forgetToken, keepToken, readToken } from "../../live/token.ts";
import { plural } from "../../model/format.ts";
import type { GroupRows, NodeRow } from "../../model/node-list.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Notice } from "../../parts/notice.tsx";
import { TokenForm } from "./token-form.tsx";
import styles from "./cordon-control.module.css";

type Action = "cordon" | "uncordon";

type Step =
  | { kind: "idle" }
  | { kind: "confirm"; action: Action }
  | { kind: "token"; action: Action; refused: string | undefined }
  | { kind: "sending"; action: Action }
  | { kind: "done"; text: string }
  | { kind: "failed"; text: string };

/** Takes a node out of routing or returns it: asks first, then for the token if the tab has none, then says what was recorded. */
export function CordonControl({ row, group }: { row: NodeRow; group: GroupRows }) {
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const action: Action = row.status.operator === "active" ? "cordon" : "uncordon";
  const { node } = row.status;

  const send = async (wanted: Action) => {
    const token = readToken();
    if (token === undefined) return setStep({ kind: "token", action: wanted, refused: undefined });
    setStep({ kind: "sending", action: wanted });
    try {
      const answer = await changeCordon(row.key, wanted, token);
      setStep({ kind: "done", text: `${answer.done.replace(/\.$/, "")}. Audit record ${answer.auditId}.` });
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : new ApiFailure(0, String(error));
      if (failure.status === 401) {
        forgetToken();
        return setStep({ kind: "token", action: wanted, refused: failure.message });
      }
      setStep({ kind: "failed", text: failure.message });
    }
  };

  const close = () => setStep({ kind: "idle" });
  // What was asked for stays, though the node's own state changes under the open dialog.
  const asked = "action" in step ? step.action : action;
  const isAsking = step.kind === "confirm" || step.kind === "token" || step.kind === "sending";
  return (
    <div className={styles.control}>
      <div>
        <Button onClick={() => setStep({ kind: "confirm", action })}>
          {action === "cordon" ? "Cordon…" : "Return to service…"}
        </Button>
      </div>
      <div role="status">
        {step.kind === "done" && <Notice tone="fine" title={step.text} />}
        {step.kind === "failed" && <Notice tone="bad" title={`${node} was not changed. ${step.text}`} />}
      </div>
      <Dialog isOpen={isAsking} onClose={close} title={step.kind === "token" ? "API token" : title(asked, node)}>
        {step.kind === "token" ? (
          <TokenForm
            refused={step.refused}
            onCancel={close}
            onToken={(token) => {
              keepToken(token);
              void send(step.action);
            }}
          />
        ) : (
          <>
            <p>{consequence(asked, row, group)}</p>
            <div className={styles.buttons}>
              <Button onClick={close}>Leave it</Button>
              <Button kind="firm" disabled={step.kind === "sending"} onClick={() => void send(asked)}>
                {step.kind === "sending" ? "Sending…" : asked === "cordon" ? `Cordon ${node}` : `Return ${node}`}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </div>
  );
}

const title = (action: Action, node: string) =>
  action === "cordon" ? `Cordon ${node}?` : `Return ${node} to service?`;

/** What will be true afterwards, counted from what is shown: the last ready node must not be set aside unknowingly. */
function consequence(action: Action, row: NodeRow, group: GroupRows): string {
  const { node } = row.status;
  const place = `${group.group.group} on ${row.gateway.name}`;
  if (action === "uncordon") return `${node} may serve validator clients of ${place} again as soon as it is ready.`;
  const others = group.rows.filter((other) => other.key !== row.key && other.state.tone === "fine").length;
  const rest =
    others === 0
      ? "No other node of this group is ready: validators on it will miss their duties."
      : `${plural(others, "other node")} of this group ${others === 1 ? "is" : "are"} ready.`;
  return `${node} gets no more requests from validator clients of ${place} until it is returned; it stays watched. ${rest}`;
}
