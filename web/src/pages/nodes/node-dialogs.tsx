import { useState } from "react";
import { changeNode } from "../../live/api.ts";
import type { Action } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { plural } from "../../model/format.ts";
import type { GroupRows, NodeRow } from "../../model/node-list.ts";
import { nextProposalWords } from "../../model/proposal-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";
import type { NodeAction } from "./node-actions.tsx";

export interface NodeDialogProps {
  action: Action<NodeAction>;
  row: NodeRow;
  group: GroupRows;
}

const placeOf = ({ row, group }: NodeDialogProps) => `${group.group.group} on ${row.gateway.name}`;

export function CordonDialog(props: NodeDialogProps) {
  const { row, action } = props;
  const { node } = row.status;
  return (
    <ActionDialog
      action={action}
      name="cordon"
      title={`Cordon ${node}?`}
      confirm={`Cordon ${node}`}
      isHarmful={othersReady(props) === 0}
      call={(token) => changeNode(row.key, "cordon", token)}
    >
      <p>
        {node} gets no more requests from validator clients of {placeOf(props)} until it is returned; it stays watched.
        A block that it has built and not yet published may be lost: Drain waits for those.
      </p>
      <Others {...props} />
    </ActionDialog>
  );
}

export function DrainDialog(props: NodeDialogProps) {
  const { row, group, action } = props;
  const { node } = row.status;
  const [isForced, setForced] = useState(false);
  const now = useNow();
  const next = nextProposalWords(group.group, now);
  return (
    <ActionDialog
      action={action}
      name="drain"
      title={`Drain ${node}?`}
      confirm={isForced ? `Drain ${node} without waiting` : `Drain ${node}`}
      isHarmful={isForced}
      call={(token) => changeNode(row.key, "drain", token, isForced)}
    >
      <p>
        {node} gets nothing new from validator clients of {placeOf(props)}. Once nothing depends on it any more, it goes
        into maintenance and may be stopped; until then its row says what it waits for.
        {next !== undefined && ` It waits until ${next} is over.`}
      </p>
      {othersReady(props) === 0 && props.group.freshness.kind === "fresh" && !isForced ? (
        <Notice tone="warn" title="No other node of this group is ready: the drain waits until one is." />
      ) : (
        <Others {...props} />
      )}
      <label className={form.check}>
        <input type="checkbox" checked={isForced} onChange={(event) => setForced(event.target.checked)} />
        <span>
          Do not wait for proposals, nor for another node to be ready. A block proposal or every duty of this group may
          be lost.
        </span>
      </label>
    </ActionDialog>
  );
}

export function ReturnDialog(props: NodeDialogProps) {
  const { row, action } = props;
  const { node, operator } = row.status;
  return (
    <ActionDialog
      action={action}
      name="return"
      title={`Return ${node} to service?`}
      confirm={`Return ${node}`}
      call={(token) => changeNode(row.key, operator === "cordoned" ? "uncordon" : "return", token)}
    >
      <p>
        {operator === "draining" && "The drain ends. "}
        {node} may serve validator clients of {placeOf(props)} again as soon as it is ready.
        {row.state.tone !== "aside" && ` It is ${row.state.word} now.`}
      </p>
    </ActionDialog>
  );
}

/** Counted from what is shown: the last ready node must not be set aside unknowingly. */
export function Others(props: NodeDialogProps) {
  const others = othersReady(props);
  if (props.group.freshness.kind === "stale")
    return <Notice tone="unknown" title="Nobody knows now which other nodes of this group are ready." />;
  if (others === 0)
    return (
      <Notice
        tone="bad"
        title="No other node of this group is ready: validators on it will miss their duties."
        role="alert"
      />
    );
  return (
    <p>
      {plural(others, "other node")} of this group {others === 1 ? "is" : "are"} ready.
    </p>
  );
}

export const othersReady = ({ row, group }: NodeDialogProps): number =>
  group.rows.filter((other) => other.key !== row.key && other.state.tone === "fine" && other.fault === undefined)
    .length;
