import { useNow } from "../../live/use-now.ts";
import { formatDuration, fullInstant } from "../../model/format.ts";
import { timeLeft } from "../../model/drill-words.ts";
import { drainTone } from "../../model/operations.ts";
import type { NodeRow } from "../../model/node-list.ts";
import { Notice } from "../../parts/notice.tsx";

/** What somebody has begun on this node: a drain with all that it waits for, or the fault that a drill shows. */
export function NodeOperation({ row }: { row: NodeRow }) {
  const now = useNow();
  const { drain, fault, drill, status } = row;
  return (
    <>
      {fault !== undefined && (
        <Notice tone="wait" title={`Drill: ${fault.kind} is shown on this node, ${timeLeft(drill, fault, now)}.`}>
          What this node looks like now is the drill's doing. Asked for by {fault.by}, since{" "}
          {fullInstant(fault.startedAt)}; it ends by itself.
        </Notice>
      )}
      {status.operator === "draining" && (
        <Notice
          tone={drain === undefined ? "wait" : drainTone(drain)}
          title={
            drain === undefined || drain.waitsFor.length === 0
              ? "Draining: nothing depends on it any more."
              : `Draining for ${formatDuration(now - drain.at)}. Do not stop it yet: it waits for`
          }
        >
          {drain !== undefined && (
            <ul>
              {drain.waitsFor.map(({ kind, detail, untilAt }) => (
                <li key={`${kind} ${detail}`}>
                  {detail.replace(/\.$/, "")}
                  {untilAt !== undefined && untilAt > now && `, at most ${formatDuration(untilAt - now + 999)}`}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      {status.operator === "maintenance" && (
        <Notice tone="fine" title="Out of service, in maintenance: it may be stopped.">
          Nothing depends on it. It stays so until it is returned.
        </Notice>
      )}
    </>
  );
}
