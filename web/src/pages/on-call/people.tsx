import { useState } from "react";
import type { OnCallPage, ShownPerson, TestPageAnswer } from "../../../../src/api/contract-oncall.ts";
import { sendTestPage } from "../../live/alerts-api.ts";
import { useWatchedPages } from "../../live/alerts-queries.ts";
import { refreshRespond } from "../../live/respond-news.ts";
import { useAction } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, formatDuration, fullInstant } from "../../model/format.ts";
import { messageState, pageWords, testShown } from "../../model/page-words.ts";
import { timeIn } from "../../model/zone-time.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { ProofDialog } from "../../parts/proof-dialog.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./people.module.css";

/** Everybody who may be called: how they are reached, whether that was proven, and what it costs them. */
export function People({ page, isStale }: { page: OnCallPage; isStale: boolean }) {
  return (
    <Section title="People" isStale={isStale} aside="load of the last 28 days">
      {page.people.length === 0 ? (
        <Notice tone="bad" title="There is nobody who could be called." />
      ) : (
        <ul aria-label="People">
          {page.people.map((person) => (
            <Person key={person.name} person={person} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Person({ person }: { person: ShownPerson }) {
  const now = useNow();
  const action = useAction<"test">();
  const [sent, setSent] = useState<TestPageAnswer["pages"]>();
  const isBusy = action.step.kind === "sending";
  const send = (channel?: string) =>
    action.send("test", async (token) => {
      const body = { person: person.name, ...(channel === undefined ? {} : { channel }) };
      const answer = await sendTestPage(body, token);
      setSent(answer.pages);
      refreshRespond();
      return answer;
    });
  const { onCallHours, pages, sleepPages, sleepMinutes } = person.load;
  return (
    <li className={styles.item}>
      <div className={styles.who}>
        <strong>{person.name}</strong>
        <span className={styles.quiet}>
          {timeIn(person.timeZone, now)} {person.timeZone}
        </span>
      </div>
      <div className={styles.contacts}>
        {person.contacts.length === 0 ? (
          <p className={styles.none}>
            <StateGlyph tone="bad" size={12} /> no contact: nothing can be sent
          </p>
        ) : (
          <ul aria-label={`Contacts of ${person.name}`}>
            {person.contacts.map((contact) => (
              <Contact
                key={`${contact.channel} ${contact.address}`}
                person={person.name}
                contact={contact}
                isBusy={isBusy}
                onTest={() => send(contact.channel)}
              />
            ))}
          </ul>
        )}
        {person.contacts.length > 1 && (
          <Button
            disabled={isBusy}
            aria-label={`Send a test page to ${person.name} by all contacts`}
            onClick={() => send()}
          >
            Send to all
          </Button>
        )}
        <ActionOutcome action={action} unchanged="No test page was sent." />
        {sent !== undefined && <TestResult person={person.name} sent={sent} />}
      </div>
      <dl className={styles.load}>
        <Load name="on call" value={`${formatCount(onCallHours)} h`} />
        <Load name="pages" value={formatCount(pages)} />
        <Load name="at night" value={formatCount(sleepPages)} />
        <Load name="nights on call" value={`${formatCount(Math.round(sleepMinutes / 60))} h`} />
      </dl>
      <ProofDialog action={action} />
    </li>
  );
}

function Load({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface ContactProps {
  person: string;
  contact: ShownPerson["contacts"][number];
  isBusy: boolean;
  onTest: () => void;
}

function Contact({ person, contact, isBusy, onTest }: ContactProps) {
  const now = useNow();
  const { channel, address, lastTest } = contact;
  const shown = testShown(lastTest);
  return (
    <li className={styles.contact}>
      <span className={styles.address}>
        {channel} <span className={styles.quiet}>{address}</span>
      </span>
      <span className={styles.test} title={lastTest === undefined ? undefined : fullInstant(lastTest.at)}>
        <StateGlyph tone={shown.tone} size={12} />
        {shown.word}
        {lastTest !== undefined && <span className={styles.quiet}>{formatDuration(now - lastTest.at)} ago</span>}
      </span>
      <Button disabled={isBusy} aria-label={`Send a test page to ${person} by ${channel}`} onClick={onTest}>
        Send test
      </Button>
    </li>
  );
}

/** How the pages of this test fare, as it happens. */
function TestResult({ person, sent }: { person: string; sent: TestPageAnswer["pages"] }) {
  const { data, failureReason } = useWatchedPages(
    person,
    sent.map(({ id }) => id),
  );
  if (sent.length === 0) return <Notice tone="bad" title="No page came of it." role="status" />;
  return (
    <ul className={styles.result} role="status" aria-label={`Test pages to ${person}`}>
      {sent.map(({ id, channel }) => {
        const page = data?.items.find((item) => item.id === id);
        return (
          <li key={id}>
            <StateGlyph tone={page === undefined ? "wait" : messageState(page.state).tone} size={12} />
            <span>
              {channel}: {page === undefined ? (failureReason?.message ?? "asking how it fares…") : pageWords(page)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
