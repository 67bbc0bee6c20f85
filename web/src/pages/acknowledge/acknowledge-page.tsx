import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { AcknowledgeView } from "../../../../src/api/contract-oncall.ts";
import { ApiFailure } from "../../live/api.ts";
import { acknowledgeByLink } from "../../live/respond-api.ts";
import { useAcknowledgeView } from "../../live/respond-queries.ts";
import { useNow } from "../../live/use-now.ts";
import { alarmTone } from "../../model/escalation-words.ts";
import { formatDuration } from "../../model/format.ts";
import { linkState } from "../../model/link-state.ts";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { Mark } from "../../shell/mark.tsx";
import styles from "./acknowledge-page.module.css";

const route = getRouteApi("/acknowledge/$token");

/**
 * Opened from a message, on a phone, without a login: what it is about and one large button. Nothing is acknowledged by
 * opening it, because mail scanners and previews open links too.
 */
export function AcknowledgePage() {
  const { token } = route.useParams();
  const { data, error, failureReason, refetch } = useAcknowledgeView(token);
  const failure = error ?? failureReason;
  return (
    <div className={styles.page}>
      <p className={styles.name}>
        <Mark /> Slotkeeper
      </p>
      {data !== undefined ? (
        <About view={data} token={token} onChange={() => void refetch()} />
      ) : failure === null ? (
        <Notice tone="wait" title="Reading what it is about…" role="status" />
      ) : (
        <Failed failure={failure} />
      )}
    </div>
  );
}

function Failed({ failure }: { failure: Error }) {
  const isBad = failure instanceof ApiFailure && failure.status >= 400 && failure.status < 500;
  return (
    <>
      <h1 className={styles.title}>{isBad ? "This link is not valid" : "Slotkeeper does not answer"}</h1>
      <Notice tone={isBad ? "unknown" : "bad"} title={failure.message} role="alert">
        {isBad ? (
          <>
            It may have expired, or part of it was lost on the way.{" "}
            <a href="/incidents">Log in and acknowledge there.</a>
          </>
        ) : (
          "Trying again by itself. Keep this page open."
        )}
      </Notice>
    </>
  );
}

function About({ view, token, onChange }: { view: AcknowledgeView; token: string; onChange: () => void }) {
  const now = useNow();
  const state = linkState(view, now);
  const sending = useMutation({
    mutationFn: () => acknowledgeByLink(token),
    networkMode: "always",
    onSettled: onChange,
  });
  const isOpen = state.kind === "open";
  const tone = isOpen ? alarmTone(view.severity) : state.tone;
  return (
    <>
      <section className={styles.band} data-tone={tone} aria-live="polite">
        <p className={styles.severity}>
          <StateGlyph tone={tone} size={18} /> {view.severity}, for {view.person}
        </p>
        <h1 className={styles.title}>{view.title}</h1>
        <p>
          Since <Instant at={view.startsAt} />, {formatDuration(now - view.startsAt)} ago
        </p>
        <p className={styles.state}>{state.sentence}</p>
      </section>
      {isOpen && (
        <>
          <button type="button" className={styles.button} disabled={sending.isPending} onClick={() => sending.mutate()}>
            {sending.isPending ? "Sending…" : "Acknowledge"}
          </button>
          <p className={styles.hint}>
            You take it, and paging stops for now. The link works for another {formatDuration(view.expiresAt - now)}.
          </p>
        </>
      )}
      {state.kind === "acknowledged" && (
        <p className={styles.hint}>
          Nobody else is paged for it now.
          {view.incident !== undefined && " The incident shows how far it reaches and what can be isolated."}
        </p>
      )}
      {sending.error !== null && isOpen && (
        <Notice tone="bad" title={`It is not acknowledged. ${sending.error.message}`} role="alert">
          Press again, or acknowledge on the page of the incident.
        </Notice>
      )}
      {view.incident !== undefined && (
        <p>
          {/* Not the router's link: the page of the incident begins with its live data. */}
          <a className={styles.open} href={`/incidents/${encodeURIComponent(view.incident)}`}>
            Open {view.incident}
          </a>
        </p>
      )}
    </>
  );
}
