import { useState } from "react";
import { useTransitions } from "../../live/queries.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { ChangeList } from "../../parts/change-list.tsx";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";

const firstShown = 12;

/** What changed lately, newest first. */
export function Changes({ groups }: { groups: readonly GroupRows[] }) {
  const { data, failureReason } = useTransitions();
  const [shown, setShown] = useState(firstShown);
  return (
    <Section title="Recent changes">
      {data === undefined ? (
        <Notice
          tone="unknown"
          title={failureReason === null ? "Reading the record…" : "The record of changes cannot be read."}
        >
          {failureReason?.message}
        </Notice>
      ) : data.items.length === 0 ? (
        <Notice tone="unknown" title="No change has been recorded.">
          When a node changes its state, it says so here, with the reason.
        </Notice>
      ) : (
        <>
          <ChangeList changes={data.items.slice(0, shown)} gaps={data.gaps} groups={groups} />
          {data.items.length > shown && (
            <Button kind="bare" onClick={() => setShown(shown + 50)}>
              Show more
            </Button>
          )}
        </>
      )}
    </Section>
  );
}
