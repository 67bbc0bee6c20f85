import type { OperatorState } from "../../../../src/upstream/types.ts";
import { refusalOf } from "../../live/api.ts";
import { useAction } from "../../live/use-action.ts";
import type { GroupRows, NodeRow } from "../../model/node-list.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { DrillDialog } from "./drill-dialog.tsx";
import styles from "./node-actions.module.css";
import { CordonDialog, DrainDialog, ReturnDialog } from "./node-dialogs.tsx";

export type NodeAction = "cordon" | "drain" | "return" | "drill";

const words: Readonly<Record<NodeAction, string>> = {
  cordon: "Cordon…",
  drain: "Drain…",
  return: "Return to service…",
  drill: "Run drill…",
};

/** What makes sense for a node in each state; a drain may be cut short by a cordon. */
const actionsOf: Readonly<Record<OperatorState, readonly NodeAction[]>> = {
  active: ["cordon", "drain", "drill"],
  cordoned: ["return", "drain"],
  draining: ["return", "cordon"],
  maintenance: ["return"],
};

/** What an operator may do to a node. Each asks first and says what it means; the server's answer stands below. */
export function NodeActions({ row, group }: { row: NodeRow; group: GroupRows }) {
  const action = useAction<NodeAction>();
  const { step } = action;
  const { node, operator } = row.status;
  const isRefusal = step.kind === "failed" && step.name === "drill" && refusalOf(step.failure) !== undefined;
  // What was asked for stays, though the node's own state changes under the open dialog.
  const asked = step.kind === "idle" ? undefined : step.name;
  const dialog = { action, row, group };
  return (
    <div className={styles.actions}>
      <div className={styles.buttons} role="group" aria-label={`Actions for ${node}`}>
        {actionsOf[operator].map((name) => (
          <Button key={name} onClick={() => action.ask(name)} disabled={name === "drill" && row.fault !== undefined}>
            {words[name]}
          </Button>
        ))}
      </div>
      <ActionOutcome action={action} unchanged={`${node} was not changed.`} isQuiet={isRefusal} />
      {asked === "cordon" && <CordonDialog {...dialog} />}
      {asked === "drain" && <DrainDialog {...dialog} />}
      {asked === "return" && <ReturnDialog {...dialog} />}
      {asked === "drill" && <DrillDialog {...dialog} />}
    </div>
  );
}
