import { useState } from "react";
import type { IncidentDetail, IsolationOffer } from "../../../../src/api/contract-respond.ts";
import type { IncidentHold } from "../../../../src/incidents/types.ts";
import { useReasons } from "../../live/queries.ts";
import { isolate } from "../../live/respond-api.ts";
import { useAction } from "../../live/use-action.ts";
import { isOver } from "../../model/incident-words.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import type { Tone } from "../../model/shown-state.ts";
import styles from "./offers.module.css";

const verbs: Readonly<Record<IsolationOffer["kind"], string>> = {
  cordon: "Cordon",
  drain: "Drain",
  "take-out": "Take out",
  hold: "Hold signing of",
};

const nameOf = ({ kind, target }: IsolationOffer) => `${verbs[kind]} ${target}`;

/** What can be done without risk of a slashing: each says what it does, what it costs, and why it is safe or refused. */
export function Offers({ incident }: { incident: IncidentDetail }) {
  const action = useAction<"isolate">();
  const [chosen, setChosen] = useState<IsolationOffer>();
  const { offers, holds, reference } = incident;
  const isAsked = action.step.kind !== "idle";
  if (isOver(incident.status) && holds.length === 0) return null;
  return (
    <Section title="Isolate" aside="only what cannot slash; nothing here moves or restarts a signer">
      <Holds holds={holds} />
      <ActionOutcome action={action} unchanged="Nothing was isolated." />
      {isAsked && chosen !== undefined && (
        <ActionDialog
          action={action}
          name="isolate"
          title={`${nameOf(chosen)}?`}
          confirm={nameOf(chosen)}
          isHarmful={chosen.kind === "hold" || chosen.kind === "take-out"}
          call={(token) => isolate(reference, chosen.id, token)}
        >
          <OfferWords offer={chosen} />
        </ActionDialog>
      )}
      {offers.length === 0 ? (
        <Notice tone="unknown" title="There is nothing to isolate.">
          Offers come with the assessment, once nodes or groups are named by it.
        </Notice>
      ) : (
        <ul aria-label="Offers">
          {offers.map((offer) => (
            <li key={offer.id} className={styles.offer} data-refused={!offer.isAllowed || undefined}>
              <div className={styles.text}>
                <h3 className={styles.name}>{nameOf(offer)}</h3>
                <OfferWords offer={offer} />
              </div>
              <Button
                disabled={!offer.isAllowed}
                aria-label={`${nameOf(offer)}…`}
                onClick={() => {
                  setChosen(offer);
                  action.ask("isolate");
                }}
              >
                {offer.isAllowed ? `${verbs[offer.kind].split(" ")[0]}…` : "Refused"}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function OfferWords({ offer }: { offer: IsolationOffer }) {
  const reason = useReasons("incidents")(offer.reason);
  return (
    <dl className={styles.words}>
      <div>
        <dt>Does</dt>
        <dd>{offer.does}</dd>
      </div>
      <div>
        <dt>Costs</dt>
        <dd>{offer.costs}</dd>
      </div>
      <div data-tone={offer.isAllowed ? "fine" : "warn"}>
        <dt>{offer.isAllowed ? "Safe" : "Refused"}</dt>
        <dd title={reason.long}>{offer.why === "" ? reason.short : offer.why}</dd>
      </div>
    </dl>
  );
}

const holdTones: Readonly<Record<IncidentHold["state"], Tone>> = {
  wanted: "wait",
  done: "bad",
  failed: "bad",
  released: "aside",
};

const holdWords: Readonly<Record<IncidentHold["state"], string>> = {
  wanted: "is about to be held",
  done: "is on hold",
  failed: "could not be held",
  released: "was released",
};

/** Groups that this incident put on hold. After that, only a person decides: on the page of the nodes. */
function Holds({ holds }: { holds: readonly IncidentHold[] }) {
  if (holds.length === 0) return null;
  return (
    <ul className={styles.holds} aria-label="Holds of this incident">
      {holds.map((hold) => (
        <li key={`${hold.gateway} ${hold.group}`}>
          <StateGlyph tone={holdTones[hold.state]} />
          <span>
            <strong>
              Signing of {hold.group} {holdWords[hold.state]}
            </strong>{" "}
            by {hold.gateway}, <Instant at={hold.at} hasLocal={false} />
            {hold.detail !== "" && <>: {hold.detail}</>}
          </span>
        </li>
      ))}
    </ul>
  );
}
