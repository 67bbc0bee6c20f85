import { useState } from "react";
import type { BranchChoice } from "../../../../src/upstream/types.ts";
import { chooseBranch, holdGroup, releaseGroup, resetWatermark } from "../../live/api.ts";
import type { Action } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, fullInstant } from "../../model/format.ts";
import { groupPath, type GroupRows } from "../../model/node-list.ts";
import { heldFor } from "../../model/operations.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";

export type GroupAction = "hold" | "release" | "watermark" | "branch";

interface GroupDialogProps {
  action: Action<GroupAction>;
  rows: GroupRows;
}

const pathOf = ({ gateway, group }: GroupRows) => groupPath(gateway.name, group.group);

export function HoldDialog({ action, rows }: GroupDialogProps) {
  const [reason, setReason] = useState("");
  const { group } = rows.group;
  return (
    <ActionDialog
      action={action}
      name="hold"
      title={`Hold signing of ${group}?`}
      confirm={`Hold signing of ${group}`}
      isHarmful
      isIncomplete={reason.trim() === ""}
      call={(token) => holdGroup(pathOf(rows), reason.trim(), token)}
    >
      <p>
        Validators of this group stop signing until it is released: Slotkeeper answers 503 to everything that they would
        sign, and each epoch of it costs them their attestations. What is signed already is still published. The hold
        survives a restart.
      </p>
      <p>
        A validator client that has another beacon node beside this gateway goes on signing through that one: hold it
        there too.
      </p>
      <label className={form.field}>
        Reason, for whoever looks next
        <textarea
          rows={2}
          maxLength={500}
          required
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </ActionDialog>
  );
}

export function ReleaseDialog({ action, rows }: GroupDialogProps) {
  const now = useNow();
  const { group, hold } = rows.group;
  return (
    <ActionDialog
      action={action}
      name="release"
      title={`Release the hold on ${group}?`}
      confirm={`Let ${group} sign again`}
      call={(token) => releaseGroup(pathOf(rows), token)}
    >
      <p>Validators of this group sign again at once. Be sure that the reason for the hold is gone:</p>
      {hold !== undefined && (
        <Notice tone="warn" title={hold.reason}>
          Held by {hold.by} since {fullInstant(hold.at)}
          {heldFor(hold, now)}.
        </Notice>
      )}
    </ActionDialog>
  );
}

const resetWord = "reset";

export function WatermarkDialog({ action, rows }: GroupDialogProps) {
  const [typed, setTyped] = useState("");
  const { group, sourceWatermark } = rows.group;
  const epoch = sourceWatermark === undefined ? "the present one" : formatCount(sourceWatermark.epoch);
  return (
    <ActionDialog
      action={action}
      name="watermark"
      title={`Reset the source watermark of ${group}?`}
      confirm="Reset the watermark"
      isHarmful
      isIncomplete={typed.trim().toLowerCase() !== resetWord}
      call={(token) => resetWatermark(pathOf(rows), token)}
    >
      <p>
        The watermark keeps this group from serving a source epoch below {epoch}. Without it the next source that the
        nodes agree on is served, whatever it is: on a wrong branch validators could be led to sign votes that surround
        their earlier ones. Their own slashing protection is then the only guard.
      </p>
      <p>Reset it only when it is known to be wrong, after a devnet began anew for instance.</p>
      <Typed word={resetWord} typed={typed} onType={setTyped} />
    </ActionDialog>
  );
}

/** Enough of a root to be sure which branch is meant. */
const typedRoot = 10;

export function BranchDialog({ action, rows, branch }: GroupDialogProps & { branch: BranchChoice }) {
  const [typed, setTyped] = useState("");
  const { group } = rows.group;
  const wanted = branch.root.slice(0, typedRoot);
  const given = typed.trim().toLowerCase();
  const isMatch = given.length >= typedRoot && branch.root.toLowerCase().startsWith(given);
  return (
    <ActionDialog
      action={action}
      name="branch"
      title={`Serve this branch to ${group}?`}
      confirm="Serve this branch"
      isHarmful
      isIncomplete={!isMatch}
      call={(token) => chooseBranch(pathOf(rows), branch.root, token)}
    >
      <p>
        Validators of this group sign on the branch of {branch.nodes.join(", ")}, with head slot{" "}
        {formatCount(branch.slot)}, until the split has ended. If it is the wrong one, they vote for a chain that the
        network does not follow, and may not be able to vote for the right one for a long time without being slashed.
      </p>
      <p>Compare the root with sources that do not share your clients: a block explorer, another operator.</p>
      <Typed word={wanted} typed={typed} onType={setTyped} isRoot />
    </ActionDialog>
  );
}

interface TypedProps {
  word: string;
  typed: string;
  onType: (typed: string) => void;
  isRoot?: boolean;
}

/** Typing costs the second in which a wrong click is noticed. */
function Typed({ word, typed, onType, isRoot }: TypedProps) {
  return (
    <label className={form.field}>
      {isRoot === true ? `To confirm, type how the root of its head begins: ${word}` : `To confirm, type: ${word}`}
      <input
        data-mono=""
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        value={typed}
        onChange={(event) => onType(event.target.value)}
      />
    </label>
  );
}
