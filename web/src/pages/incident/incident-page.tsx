import { getRouteApi, Link } from "@tanstack/react-router";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { ApiFailure } from "../../live/api.ts";
import { useIncident } from "../../live/respond-queries.ts";
import { isHidden } from "../../model/incident-words.ts";
import { Notice } from "../../parts/notice.tsx";
import { Assessed } from "./assessed.tsx";
import { Alarms } from "./alarms.tsx";
import { FirstLookPanel } from "./first-look.tsx";
import { IncidentHead } from "./incident-head.tsx";
import styles from "./incident-page.module.css";
import { Offers } from "./offers.tsx";
import { Playbooks } from "./playbooks.tsx";
import { Roles } from "./roles.tsx";
import { Sent } from "./sent.tsx";
import { Tasks } from "./tasks.tsx";
import { Timeline } from "./timeline.tsx";

const route = getRouteApi("/incidents/$reference");

/** One incident: what is so, what can be done without risk, who does what, and what happened when. */
export function IncidentPage() {
  const { reference } = route.useParams();
  const { data, failureReason, error } = useIncident(reference);
  const failure = error ?? failureReason;
  if (data === undefined) return <NotRead reference={reference} failure={failure} />;
  if (isHidden(data)) return <Embargoed incident={data} />;
  // What was typed or asked for one incident is not carried over to another.
  return <Incident key={data.reference} incident={data} />;
}

function Incident({ incident }: { incident: IncidentDetail }) {
  return (
    <div className={styles.page}>
      <IncidentHead incident={incident} />
      <div className={styles.columns}>
        <div className={styles.column}>
          {incident.assessment !== undefined && <FirstLookPanel firstLook={incident.assessment.firstLook} />}
          <Assessed incident={incident} />
          <Offers incident={incident} />
          <Playbooks playbooks={incident.playbooks} />
        </div>
        <div className={styles.column}>
          <Roles incident={incident} />
          <Tasks incident={incident} />
          <Timeline incident={incident} />
          <Alarms episodes={incident.episodes} />
          <Sent pages={incident.pages} />
        </div>
      </div>
    </div>
  );
}

function NotRead({ reference, failure }: { reference: string; failure: Error | null }) {
  const isUnknown = failure instanceof ApiFailure && failure.status === 404;
  return (
    <>
      <h1 className="only-heard">Incident {reference}</h1>
      <Notice
        tone={failure === null ? "wait" : isUnknown ? "unknown" : "bad"}
        title={
          failure === null
            ? "Reading the incident…"
            : isUnknown
              ? `There is no incident ${reference}.`
              : "The incident cannot be read."
        }
        role="status"
      >
        {failure?.message} <Link to="/incidents">All incidents</Link>
      </Notice>
    </>
  );
}

const login: string = "/login";

/** All that somebody outside the circle learns. */
function Embargoed({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      <p>
        <Link to="/incidents">Incidents</Link>
      </p>
      <h1 className={styles.sealed}>{incident.reference} is embargoed</h1>
      <Notice tone="aside" title="Only responders can read it.">
        It is about a weakness that is not public yet. <Link to={login}>Log in</Link> as a responder to see more.
      </Notice>
    </>
  );
}
