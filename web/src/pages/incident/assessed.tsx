import { Link } from "@tanstack/react-router";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import type { Assessment, VictimCohort } from "../../../../src/incidents/assessment/types.ts";
import { assessIncident } from "../../live/respond-api.ts";
import { useAction } from "../../live/use-action.ts";
import type { ReactNode } from "react";
import { useCoin } from "../../live/use-coin.ts";
import { useNow } from "../../live/use-now.ts";
import { useReasons } from "../../live/queries.ts";
import { formatGwei, formatShare } from "../../model/amounts.ts";
import { formatCount, formatDuration, fullInstant, plural } from "../../model/format.ts";
import { breachWords, isOver, scopeWord } from "../../model/incident-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Figures, type FigureContent } from "../../parts/figure.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./assessed.module.css";
import { Facts } from "./first-look.tsx";

/** What is known by itself: how far it reaches, whom it hits, what they share, what it costs. */
export function Assessed({ incident }: { incident: IncidentDetail }) {
  const action = useAction<"assess">();
  const { assessment, reference, status } = incident;
  const call = (token: string) => assessIncident(reference, token);
  return (
    <Section
      title="Assessment"
      aside={
        <div className={styles.tools}>
          {assessment !== undefined && <Judged at={assessment.at} />}
          {!isOver(status) && (
            <Button onClick={() => action.send("assess", call)} disabled={action.step.kind === "sending"}>
              Judge again
            </Button>
          )}
        </div>
      }
    >
      <ActionOutcome action={action} unchanged="It was not judged again." />
      <ActionDialog action={action} name="assess" title="Judge again" confirm="Judge again" isUnasked call={call}>
        <p>The assessment is made again from what is known now.</p>
      </ActionDialog>
      {assessment === undefined ? (
        <Notice tone="wait" title="It is not assessed yet.">
          The first assessment comes by itself, within seconds.
        </Notice>
      ) : (
        <Found assessment={assessment} hasEnded={isOver(status)} />
      )}
    </Section>
  );
}

function Judged({ at }: { at: number }) {
  const now = useNow();
  return <span title={fullInstant(at)}>judged {formatDuration(now - at)} ago</span>;
}

function Found({ assessment, hasEnded }: { assessment: Assessment; hasEnded: boolean }) {
  const coin = useCoin();
  const reasonOf = useReasons("incidents");
  const causeOf = useReasons("cause");
  const { victims, cohorts, causes, changes, logSignatures, slaRisks } = assessment;
  const reason = reasonOf(assessment.reason);
  return (
    <>
      <div className={styles.part}>
        <p className={styles.scope} title={reason.long}>
          <span className={styles.scopeWord}>{scopeWord(assessment.scope)}</span> {assessment.sentence}{" "}
          <span className={styles.quiet}>({reason.short})</span>
        </p>
        <Facts facts={assessment.evidence} />
      </div>
      <div className={styles.figures}>
        <Figures figures={figuresOf(assessment, coin)} />
      </div>
      {cohorts.length > 0 && <Cohorts cohorts={cohorts} of={victims.count} />}
      {causes.length > 0 && (
        <Part title="Causes of the lost duties">
          <ul className={styles.pairs}>
            {causes.map(({ code, lost }) => (
              <li key={code} title={causeOf(code).long}>
                <span>{causeOf(code).short}</span> <span className={styles.number}>{formatCount(lost)} lost</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {(victims.customers.length > 0 || slaRisks.length > 0) && (
        <Customers assessment={assessment} hasEnded={hasEnded} />
      )}
      {changes.length > 0 && (
        <Part title="What changed lately">
          <Facts facts={changes} label="What changed lately" />
        </Part>
      )}
      {logSignatures.length > 0 && (
        <Part title="Signatures in the logs">
          <Facts facts={logSignatures} label="Signatures in the logs" />
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.part}>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </div>
  );
}

/** Labels that the victims share, best first. */
function Cohorts({ cohorts, of }: { cohorts: readonly VictimCohort[]; of: number }) {
  return (
    <Part title="What the victims share">
      <ul className={styles.pairs}>
        {cohorts.map((cohort) => (
          <li key={JSON.stringify(cohort.labels)}>
            <span className={styles.labels}>
              {Object.entries(cohort.labels).map(([key, value]) => (
                <Link key={key} to="/validators" search={{ key, value }}>
                  {key} {value}
                </Link>
              ))}
            </span>{" "}
            <span className={styles.number}>
              {formatShare(cohort.coverage)} of the {plural(of, "victim")}; {formatCount(cohort.victims)} of{" "}
              {plural(cohort.validators, "validator")} with it
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Who is hit, and whose contract is at risk, the nearest breach first. */
function Customers({ assessment, hasEnded }: { assessment: Assessment; hasEnded: boolean }) {
  const now = useNow();
  const risks = assessment.slaRisks.toSorted((a, b) => (a.breachAt ?? Infinity) - (b.breachAt ?? Infinity));
  const others = assessment.victims.customers.filter((name) => risks.every(({ customer }) => customer !== name));
  return (
    <Part title="Customers">
      <ul className={styles.pairs}>
        {risks.map(({ customer, sentence, breachAt }) => (
          <li key={customer}>
            <span>
              <Link to="/validators" search={{ key: "customer", value: customer }}>
                {customer}
              </Link>{" "}
              {sentence}
            </span>{" "}
            <span
              className={styles.number}
              data-tone={breachAt === undefined || hasEnded ? undefined : "bad"}
              title={breachAt === undefined ? undefined : fullInstant(breachAt)}
            >
              {hasEnded && breachAt !== undefined ? "a breach was forecast" : breachWords(breachAt, now)}
            </span>
          </li>
        ))}
        {others.map((customer) => (
          <li key={customer}>
            <Link to="/validators" search={{ key: "customer", value: customer }}>
              {customer}
            </Link>{" "}
            <span className={styles.number}>hit; no contract at risk</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** The number large, its unit small. */
function amount(gwei: number, coin: string) {
  const [value = "", note] = formatGwei(gwei, coin).split("\u00a0");
  return { value, note };
}

function figuresOf({ at, victims, penaltiesGwei, slaRisks }: Assessment, coin: string): FigureContent[] {
  const judged = `assessed ${fullInstant(at)}`;
  const share = victims.ofWatched > 0 ? victims.count / victims.ofWatched : undefined;
  const breaches = slaRisks.filter(({ breachAt }) => breachAt !== undefined).length;
  return [
    {
      name: "Victims",
      value: formatCount(victims.count),
      note: `of ${formatCount(victims.ofWatched)} watched`,
      tone: victims.count > 0 ? "warn" : undefined,
      evidence: `${victims.count} of ${victims.ofWatched} watched validators (${formatShare(share)})\n${judged}`,
    },
    {
      name: "Stake hit",
      ...amount(victims.stakeGwei, coin),
      evidence: `${formatCount(victims.stakeGwei)} gwei of effective balance of the victims\n${judged}`,
    },
    {
      name: "Lost so far",
      ...amount(penaltiesGwei, coin),
      tone: penaltiesGwei > 0 ? "warn" : undefined,
      evidence: `${formatCount(penaltiesGwei)} gwei net since the impact began\n${judged}`,
    },
    {
      name: "Customers hit",
      value: formatCount(victims.customers.length),
      evidence: `${victims.customers.length === 0 ? "none" : victims.customers.join(", ")}\n${judged}`,
    },
    {
      name: "Contracts at risk",
      value: formatCount(breaches),
      tone: breaches > 0 ? "bad" : undefined,
      evidence: `customers whose agreed uptime is broken if it goes on like this\n${judged}`,
    },
  ];
}
