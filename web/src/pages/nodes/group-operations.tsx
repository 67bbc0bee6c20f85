import { useState } from "react";
import type { BranchChoice } from "../../../../src/upstream/types.ts";
import { useAction } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, fullInstant } from "../../model/format.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { heldFor } from "../../model/operations.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { BranchDialog, ReleaseDialog, type GroupAction } from "./group-dialogs.tsx";
import styles from "./operations.module.css";

/**
 * What stops a group from signing and only a person can end: a hold, a split. Stays mounted while there is nothing to
 * show, so that the server's answer to the action that ended it can still be read.
 */
export function GroupOperations({ rows }: { rows: GroupRows }) {
  const action = useAction<GroupAction>();
  const [branch, setBranch] = useState<BranchChoice>();
  const { group, freshness, isGateway } = rows;
  const { hold } = group;
  const isFresh = freshness.kind === "fresh";
  const isSplit = group.view.kind === "split" || group.chosenBranch !== undefined;
  const asked = action.step.kind === "idle" ? undefined : action.step.name;
  return (
    <>
      {isFresh && hold !== undefined && (
        <HoldPanel rows={rows} onRelease={isGateway ? () => action.ask("release") : undefined} />
      )}
      {isFresh && isSplit && (
        <SplitPanel
          rows={rows}
          onChoose={
            isGateway
              ? (chosen) => {
                  setBranch(chosen);
                  action.ask("branch");
                }
              : undefined
          }
        />
      )}
      <ActionOutcome action={action} unchanged={`Group ${group.group} was not changed.`} />
      {asked === "release" && <ReleaseDialog action={action} rows={rows} />}
      {asked === "branch" && branch !== undefined && <BranchDialog action={action} rows={rows} branch={branch} />}
    </>
  );
}

function HoldPanel({ rows, onRelease }: { rows: GroupRows; onRelease: (() => void) | undefined }) {
  const now = useNow();
  const { group, hold } = rows.group;
  if (hold === undefined) return null;
  return (
    <Section
      title={
        <span className={styles.title}>
          <StateGlyph tone="bad" />
          Signing of {group} is on hold
          <span className={styles.phase}>{heldFor(hold, now)}</span>
        </span>
      }
      aside={onRelease && <Button onClick={onRelease}>Release…</Button>}
    >
      <div className={styles.sentence} data-tone="bad">
        <p>
          <strong>{hold.reason}</strong>
        </p>
        <p>
          Validators of this group sign nothing until it is released. Held by {hold.by} since {fullInstant(hold.at)}.
        </p>
      </div>
    </Section>
  );
}

interface SplitPanelProps {
  rows: GroupRows;
  onChoose: ((branch: BranchChoice) => void) | undefined;
}

/** The branches with everything that speaks for each, side by side. */
function SplitPanel({ rows, onChoose }: SplitPanelProps) {
  const { group, branches = [], chosenBranch } = rows.group;
  const isDecided = chosenBranch !== undefined;
  return (
    <Section
      title={
        <span className={styles.title}>
          <StateGlyph tone={isDecided ? "warn" : "bad"} />
          The nodes of {group} are split
          <span className={styles.phase}>{isDecided ? "a person chose" : "signing inputs are withheld"}</span>
        </span>
      }
    >
      <p className={styles.sentence} data-tone={isDecided ? "warn" : "bad"}>
        {isDecided
          ? `${chosenBranch.by} chose the branch with head ${chosenBranch.root.slice(0, 10)}… at ${fullInstant(chosenBranch.at)}. That ends by itself when the nodes agree again.`
          : "Two branches have different justified or finalized checkpoints. A wrong one can be slashable to sign on, so a person must choose: compare the roots with sources that do not share your clients. Publishing stays open."}
      </p>
      {branches.length === 0 ? (
        <Notice tone="unknown" title="The gateway names no branches to choose from.">
          Cordon the nodes of the wrong branch instead.
        </Notice>
      ) : (
        <ul className={styles.branches} aria-label="Branches">
          {branches.map((branch) => (
            <Branch
              key={branch.root}
              branch={branch}
              isChosen={branch.root === chosenBranch?.root}
              onChoose={onChoose}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

interface BranchProps {
  branch: BranchChoice;
  isChosen: boolean;
  onChoose: ((branch: BranchChoice) => void) | undefined;
}

function Branch({ branch, isChosen, onChoose }: BranchProps) {
  const epoch = (value: number | undefined) => (value === undefined ? "unknown" : formatCount(value));
  const facts: readonly (readonly [string, string])[] = [
    ["Head slot", formatCount(branch.slot)],
    ["Nodes", branch.nodes.join(", ")],
    ["Support", `${formatCount(branch.support)} (the smaller of its consensus and its execution clients)`],
    ["Justified", epoch(branch.justifiedEpoch)],
    ["Finalized", epoch(branch.finalizedEpoch)],
  ];
  return (
    <li className={styles.branch} data-chosen={isChosen || undefined}>
      <p className={styles.root}>{branch.root}</p>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {isChosen ? (
        <p>
          <strong>This branch is served.</strong>
        </p>
      ) : (
        onChoose && (
          <div className={styles.buttons}>
            <Button onClick={() => onChoose(branch)} aria-label={`Serve this branch, of ${branch.nodes.join(", ")}…`}>
              Serve this branch…
            </Button>
          </div>
        )
      )}
    </li>
  );
}
