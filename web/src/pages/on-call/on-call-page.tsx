import { useRef, useState } from "react";
import type { OnCallPage as OnCallData, OverrideBody } from "../../../../src/api/contract-oncall.ts";
import { useOnCall } from "../../live/alerts-queries.ts";
import { useReasons } from "../../live/queries.ts";
import { useAction } from "../../live/use-action.ts";
import { usePageStale } from "../../live/use-page-age.ts";
import { fullInstant } from "../../model/format.ts";
import { findingFacts, onCallSentence } from "../../model/on-call-words.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { FactList } from "../../parts/fact-list.tsx";
import { PageBand } from "../../parts/page-band.tsx";
import { Section } from "../../parts/section.tsx";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { WaitForPart } from "../wait-for-part.tsx";
import { Calendar } from "./calendar.tsx";
import styles from "./on-call-page.module.css";
import { OverrideDialog } from "./override-dialog.tsx";
import { Overrides } from "./overrides.tsx";
import { People } from "./people.tsx";
import { Policies } from "./policies.tsx";
import { WhoIsOnCall } from "./who-is-on-call.tsx";

/** Who is called now and next, the coming two weeks, and what would leave a page without a reader. */
export function OnCallPage() {
  const { data, failureReason } = useOnCall();
  const isStale = usePageStale(data?.at);
  const reasonOf = useReasons("oncall");
  const action = useAction<"override">();
  const [draft, setDraft] = useState<Partial<OverrideBody>>({});
  const drafts = useRef(0);
  const askOverride = (next: Partial<OverrideBody>) => {
    drafts.current += 1;
    setDraft(next);
    action.ask("override");
  };
  useShortcuts({ o: () => data !== undefined && data.now.length > 0 && askOverride({}) });
  if (data === undefined)
    return (
      <>
        <h1 className="only-heard">On call</h1>
        <WaitForPart what="who is on call" failure={failureReason} />
      </>
    );
  return (
    <div className={styles.page}>
      <Band page={data} isStale={isStale} />
      {data.findings.length > 0 && (
        <Section title="What would leave a page without a reader" isStale={isStale}>
          <FactList label="Findings" facts={findingFacts(data, reasonOf)} />
        </Section>
      )}
      <WhoIsOnCall page={data} isStale={isStale} />
      <ActionOutcome action={action} unchanged="The plan was not changed." />
      <Calendar page={data} isStale={isStale} onOverride={askOverride} />
      <Overrides page={data} isStale={isStale} />
      <People page={data} isStale={isStale} />
      <Policies page={data} isStale={isStale} />
      {action.step.kind !== "idle" && <OverrideDialog key={drafts.current} action={action} page={data} draft={draft} />}
    </div>
  );
}

function Band({ page, isStale }: { page: OnCallData; isStale: boolean }) {
  const { tone, sentence } = onCallSentence(page);
  return (
    <PageBand
      label="On call"
      tone={isStale ? "unknown" : tone}
      sentence={isStale ? "Who is on call now is unknown." : sentence}
    >
      {isStale && (
        <p>
          Last known {fullInstant(page.at)}: {sentence}
        </p>
      )}
      {page.now.length === 0 && (
        <p>Add people and a schedule under `oncall` in the configuration: until then nobody can be paged.</p>
      )}
    </PageBand>
  );
}
