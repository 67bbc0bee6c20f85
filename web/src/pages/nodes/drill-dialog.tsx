import { useState } from "react";
import type { DrillFinding } from "../../../../src/drills/types.ts";
import type { StartDrillBody } from "../../../../src/api/contract.ts";
import { refusalOf, startDrill } from "../../live/api.ts";
import { useDrills, useReasons } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { formatDuration } from "../../model/format.ts";
import { nextProposalWords } from "../../model/proposal-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import form from "../../parts/form.module.css";
import { Notice } from "../../parts/notice.tsx";
import { Others, othersReady, type NodeDialogProps } from "./node-dialogs.tsx";

const durationsMs = [15_000, 30_000, 60_000, 120_000, 300_000];

/** Chooses the fault and for how long; the guards' refusal stands in the same place, with what of it may be overruled. */
export function DrillDialog(props: NodeDialogProps) {
  const { row, group, action } = props;
  const { step } = action;
  const { node } = row.status;
  const { data, failureReason } = useDrills();
  const kinds = data?.kinds ?? [];
  const [chosen, setChosen] = useState<string>();
  const [durationMs, setDuration] = useState(30_000);
  const now = useNow();
  const kind = kinds.find((one) => one.kind === chosen) ?? kinds[0];
  const refused = step.kind === "failed" ? refusalOf(step.failure) : undefined;
  const canForce = refused !== undefined && refused.findings.length > 0 && refused.findings.every((one) => one.isSoft);
  const next = nextProposalWords(group.group, now);
  const body = {
    gateway: row.gateway.name,
    group: group.group.group,
    node,
    kind: kind?.kind ?? "",
    durationMs,
    ...(canForce ? { isForced: true } : {}),
  } as StartDrillBody;
  return (
    <ActionDialog
      action={action}
      name="drill"
      title={`Run a drill on ${node}?`}
      confirm={
        canForce ? "Run it all the same" : refused === undefined ? `Show ${kind?.kind ?? "it"} on ${node}` : "Try again"
      }
      isHarmful={canForce || othersReady(props) === 0}
      isIncomplete={kind === undefined}
      isRefusalShown={refused !== undefined}
      call={(token) => startDrill(body, token)}
    >
      <p>
        A real fault is shown on {node}: requests of validator clients meet it, and are to be answered by another node.
        It is lifted at once when a duty request fails, and by the gateway itself when this server stops.
        {next !== undefined && ` The next proposal behind this group is ${next}.`}
      </p>
      <Others {...props} />
      {data === undefined ? (
        <Notice
          tone="unknown"
          title={failureReason === null ? "Reading what may be drilled…" : "What may be drilled cannot be read."}
        >
          {failureReason?.message}
        </Notice>
      ) : (
        <label className={form.field}>
          Fault
          <select value={kind?.kind ?? ""} onChange={(event) => setChosen(event.target.value)}>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.kind}: {one.short}
              </option>
            ))}
          </select>
          <span className={form.hint}>{kind?.long}</span>
        </label>
      )}
      <label className={form.field}>
        Shown for
        <select value={durationMs} onChange={(event) => setDuration(Number(event.target.value))}>
          {durationsMs.map((ms) => (
            <option key={ms} value={ms}>
              {formatDuration(ms)}
            </option>
          ))}
        </select>
      </label>
      {refused !== undefined && (
        <Notice tone="warn" title="The drill was not begun." role="alert">
          {refused.findings.map((finding) => (
            <Refusal key={`${finding.reason} ${finding.detail}`} finding={finding} now={now} />
          ))}
        </Notice>
      )}
    </ActionDialog>
  );
}

function Refusal({ finding, now }: { finding: DrillFinding; now: number }) {
  const reason = useReasons("drills")(finding.reason);
  const again = finding.tryAgainAt;
  return (
    <p>
      <strong>{reason.short}</strong>
      {finding.detail !== "" && `: ${finding.detail.replace(/\.$/, "")}`}. {reason.long}
      {again !== undefined &&
        (again <= now ? " It may be tried again now." : ` Try again in ${formatDuration(again - now)}.`)}
    </p>
  );
}
