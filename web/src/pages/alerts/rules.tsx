import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { BacktestAnswer, ShownRule } from "../../../../src/api/contract-respond.ts";
import { backtestRule } from "../../live/alerts-api.ts";
import { useRules } from "../../live/alerts-queries.ts";
import { useAction } from "../../live/use-action.ts";
import { usePageStale } from "../../live/use-page-age.ts";
import { isRuleFound, type AlertsSearch } from "../../model/alert-list.ts";
import { holdWords, ruleTone } from "../../model/alert-words.ts";
import { formatCount, plural } from "../../model/format.ts";
import { toneRank } from "../../model/shown-state.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { ProofDialog } from "../../parts/proof-dialog.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import { BacktestResult } from "./backtest-result.tsx";
import styles from "./rules.module.css";

/** What fires, then what cannot be judged, then the rest. */
const rankOf = (rule: ShownRule): number => (rule.state === "firing" ? -1 : toneRank[ruleTone(rule)]);

/** Every rule with how it stands; what fires and what cannot be judged first. */
export function Rules({ search }: { search: AlertsSearch }) {
  const { data, failureReason } = useRules();
  const isStale = usePageStale(data?.at);
  const shown = (data?.rules ?? [])
    .filter((rule) => isRuleFound(rule, search))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.alert < b.alert ? -1 : 1));
  return (
    <Section
      title="Rules"
      isStale={isStale}
      aside={data !== undefined && `${formatCount(shown.length)} of ${plural(data.rules.length, "rule")} shown`}
    >
      {data === undefined ? (
        <WaitForPart what="the rules" failure={failureReason} />
      ) : shown.length === 0 ? (
        <Notice tone="unknown" title={data.rules.length === 0 ? "No rule is on." : "No rule matches."} />
      ) : (
        <>
          <div className={styles.head} aria-hidden="true">
            <span>State</span>
            <span>Rule and condition</span>
            <span>Severity</span>
            <span>Owner</span>
            <span>Class</span>
            <span>Fired, 24 h</span>
          </div>
          <ul aria-label="Rules">
            {shown.map((rule) => (
              <Rule key={rule.alert} rule={rule} />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Rule({ rule }: { rule: ShownRule }) {
  return (
    <li className={styles.item}>
      <details>
        <summary className={styles.row} data-row-button="">
          <span className={styles.state}>
            <StateGlyph tone={ruleTone(rule)} size={12} />
            {rule.state}
          </span>
          <span className={styles.what}>
            <strong>{rule.alert}</strong>
            <code className={styles.expr}>{rule.expr}</code>
          </span>
          <span data-name="severity">{rule.severity}</span>
          <span data-name="owner">{rule.owner}</span>
          <span data-name="class">{rule.class}</span>
          <span className={styles.number} data-name="fired in 24 h">
            {formatCount(rule.firedLastDay)}
          </span>
        </summary>
        <RuleBody rule={rule} />
      </details>
    </li>
  );
}

const hoursChoices = [24, 72, 168] as const;

function RuleBody({ rule }: { rule: ShownRule }) {
  const action = useAction<"backtest">();
  const [hours, setHours] = useState<number>(24);
  const [result, setResult] = useState<BacktestAnswer>();
  const isBusy = action.step.kind === "sending";
  const run = () =>
    action.send("backtest", async (token) => {
      const answer = await backtestRule(rule.alert, hours, token);
      setResult(answer);
      return { done: "Tried against stored history" };
    });
  return (
    <div className={styles.body}>
      {rule.needs !== undefined && <Notice tone="unknown" title={`It cannot be judged: ${rule.needs}`} />}
      <p>{rule.summary}</p>
      {rule.description !== "" && rule.description !== rule.summary && <p>{rule.description}</p>}
      <p className={styles.quiet}>
        Fires {rule.forMs === 0 ? "at once" : `after its condition held for ${holdWords(rule.forMs)}`}, and stays{" "}
        {rule.keepFiringForMs === 0 ? "no longer than its condition" : `${holdWords(rule.keepFiringForMs)} beyond it`}.{" "}
        {rule.isDefault ? "Shipped with Slotkeeper." : "Your own."}
      </p>
      {rule.playbook !== "" && (
        <div className={styles.playbook}>
          <h3>Playbook</h3>
          <p>{rule.playbook}</p>
        </div>
      )}
      <div className={styles.tools}>
        <label>
          Last{" "}
          <select
            aria-label="Hours of history"
            value={hours}
            onChange={(event) => setHours(Number(event.target.value))}
          >
            {hoursChoices.map((choice) => (
              <option key={choice} value={choice}>
                {choice} h
              </option>
            ))}
          </select>
        </label>
        <Button disabled={isBusy} data-busy={isBusy || undefined} onClick={run}>
          {isBusy ? "Trying…" : "Try against history"}
        </Button>
        <Link to="/alerts" search={{ view: "history", alert: rule.alert }}>
          Its history
        </Link>
      </div>
      {action.step.kind === "failed" && <ActionOutcome action={action} unchanged="It could not be tried." />}
      {result !== undefined && <BacktestResult answer={result} />}
      <ProofDialog action={action} />
    </div>
  );
}
