import type { Snapshot } from "../../../../src/api/contract.ts";
import { useNow } from "../../live/use-now.ts";
import { formatDuration, fullInstant } from "../../model/format.ts";
import { Notice } from "../../parts/notice.tsx";

/** Gateways that do not answer, and what that means; and the page of a set-up that has nothing yet. */
export function SilentObservers({ snapshot }: { snapshot: Snapshot }) {
  const now = useNow();
  const views = [...snapshot.gateways, ...snapshot.observers];
  const silent = views.filter((view) => !view.isReachable || view.status === undefined);
  return (
    <>
      {silent.map((view) => (
        <Notice
          key={view.name}
          tone={view.isReachable ? "unknown" : "bad"}
          title={`Gateway ${view.name} does not answer.`}
        >
          {view.lastContactAt === undefined ? (
            "It has never been heard from. "
          ) : (
            <span title={fullInstant(view.lastContactAt)}>
              Last heard from {formatDuration(now - view.lastContactAt)} ago.{" "}
            </span>
          )}
          {view.error !== undefined && <>It was told: {view.error.replace(/\.$/, "")}. </>}
          Its nodes are shown as unknown. It may well be serving validators: look at the process on its host.
        </Notice>
      ))}
      {views.length === 0 && (
        <Notice tone="unknown" title="No gateway and no beacon node is configured.">
          Name your nodes in slotkeeper.yaml; `slotkeeper config init` writes a first one.
        </Notice>
      )}
    </>
  );
}
