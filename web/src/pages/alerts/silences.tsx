import { useState } from "react";
import type { SilencesPage } from "../../../../src/api/contract-respond.ts";
import { endSilence } from "../../live/alerts-api.ts";
import { useSilences } from "../../live/alerts-queries.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { useAction } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { usePageStale } from "../../live/use-page-age.ts";
import { matcherWords, silenceWords } from "../../model/alert-words.ts";
import { fullInstant } from "../../model/format.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import styles from "./silences.module.css";

type ShownSilence = SilencesPage["silences"][number];

const order = { active: 0, pending: 1, expired: 2 } as const;

/** Silences that are in force first, then those to come and those that have ended. */
export function Silences({ onAdd }: { onAdd: () => void }) {
  const { data, failureReason } = useSilences();
  const isStale = usePageStale(data?.at);
  const action = useAction<"end">();
  const [ended, setEnded] = useState<ShownSilence>();
  const sorted = data?.silences.toSorted((a, b) => order[a.state] - order[b.state] || b.endsAt - a.endsAt) ?? [];
  return (
    <Section title="Silences" isStale={isStale} aside={<Button onClick={onAdd}>New silence…</Button>}>
      <ActionOutcome action={action} unchanged="The silence was not ended." />
      {data === undefined ? (
        <WaitForPart what="silences" failure={failureReason} />
      ) : sorted.length === 0 ? (
        <Notice tone="fine" title="Nothing is silenced.">
          Make a silence from an alert, or begin a new one here.
        </Notice>
      ) : (
        <ul className={styles.list} aria-label="Silences">
          {sorted.map((silence) => (
            <Row
              key={silence.id}
              silence={silence}
              onEnd={() => {
                setEnded(silence);
                action.ask("end");
              }}
            />
          ))}
        </ul>
      )}
      {ended !== undefined && action.step.kind !== "idle" && (
        <ActionDialog
          action={action}
          name="end"
          title="End this silence?"
          confirm="End it"
          call={async (token) => {
            const answer = await endSilence(ended.id, token);
            refreshRespond();
            return answer;
          }}
        >
          <p className={styles.matchers}>{ended.matchers.map(matcherWords).join(" ")}</p>
          <p>People are told again of what it covers, at once where it fires.</p>
        </ActionDialog>
      )}
    </Section>
  );
}

function Row({ silence, onEnd }: { silence: ShownSilence; onEnd: () => void }) {
  const now = useNow();
  const words = silence.matchers.map(matcherWords).join(" ");
  const { state } = silence;
  return (
    <li className={styles.item} data-state={state}>
      <span className={styles.state}>
        <StateGlyph tone={state === "active" ? "aside" : state === "pending" ? "wait" : "unknown"} size={12} />
        {state}
      </span>
      <div className={styles.what}>
        <p className={styles.matchers}>{words}</p>
        <p>{silence.comment}</p>
        <p className={styles.quiet}>
          {silence.createdBy}, from {fullInstant(silence.startsAt)}
        </p>
      </div>
      <span className={styles.when} title={fullInstant(silence.endsAt)}>
        {silenceWords(silence, now)}
      </span>
      {state !== "expired" && (
        <Button aria-label={`End the silence of ${words}`} onClick={onEnd}>
          End…
        </Button>
      )}
    </li>
  );
}
