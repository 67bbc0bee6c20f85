import { getRouteApi, Link } from "@tanstack/react-router";
import type { ValidatorDetail } from "../../../../src/api/contract-duties.ts";
import { ApiFailure } from "../../live/api.ts";
import { useDuties, useValidator } from "../../live/duties-queries.ts";
import { useCoin } from "../../live/use-coin.ts";
import { useDutiesStale } from "../../live/use-duties-stale.ts";
import { formatBalance, formatGwei, formatShare } from "../../model/amounts.ts";
import { figuresOf } from "../../model/cohorts.ts";
import { formatCount, plural } from "../../model/format.ts";
import { DutyStrip } from "../../parts/duty-strip.tsx";
import { Figures } from "../../parts/figure.tsx";
import { Instant } from "../../parts/instant.tsx";
import { NextDutyList } from "../../parts/next-duty-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { TwoOwners } from "../validators/conflicts.tsx";
import { DutyTable } from "./duty-table.tsx";
import styles from "./validator-page.module.css";

const route = getRouteApi("/validators/$id");

/** One validator with every duty that is kept of it; an epoch that is open stands in the address. */
export function ValidatorPage() {
  const { id } = route.useParams();
  const { epoch } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, failureReason, error } = useValidator(id);
  const { data: duties } = useDuties();
  const coin = useCoin();
  const isStale = useDutiesStale();
  const failure = error ?? failureReason;
  if (data === undefined) {
    const isUnknown = failure instanceof ApiFailure && failure.status === 404;
    return (
      <>
        <h1 className="only-heard">Validator {id}</h1>
        <Notice
          tone={failure === null ? "wait" : isUnknown ? "unknown" : "bad"}
          title={
            failure === null
              ? "Reading the validator…"
              : isUnknown
                ? `Validator ${id} is not watched.`
                : "The validator cannot be read."
          }
          role="status"
        >
          {failure?.message} <Link to="/validators">All validators</Link>
        </Notice>
      </>
    );
  }
  return (
    <div className={styles.page}>
      <TwoOwners conflicts={data.conflicts} />
      <header className={styles.head}>
        <p>
          <Link to="/validators">Validators</Link>
        </p>
        <h1 className={styles.title}>
          Validator {data.index === undefined ? "without an index" : formatCount(data.index)}
        </h1>
        <p className={styles.key}>{data.pubkey ?? "Its key is not known yet."}</p>
        {isStale && duties !== undefined && (
          <p className={styles.stale}>
            Last known; nothing newer since <Instant at={duties.at} />.
          </p>
        )}
      </header>
      <Section title="State" isStale={isStale}>
        <Facts validator={data} />
        <Figures figures={figures(data, coin)} />
        <div className={styles.strip}>
          <p>
            Newest {plural(data.recent.length, "epoch")}, oldest first: the higher, the worse. The table below has each
            in words.
          </p>
          <DutyStrip cells={data.recent} />
        </div>
      </Section>
      <Section title="Next duties" isStale={isStale}>
        <NextDutyList duties={data.next} />
      </Section>
      <DutyTable
        id={id}
        open={epoch}
        coin={coin}
        isStale={isStale}
        onOpen={(next) =>
          void navigate({ search: next === undefined ? {} : { epoch: next }, replace: true, resetScroll: false })
        }
      />
    </div>
  );
}

function Facts({ validator }: { validator: ValidatorDetail }) {
  const labels = Object.entries(validator.labels);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Status</dt>
        <dd>{validator.status.replaceAll("_", " ")}</dd>
      </div>
      {labels.map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <Link to="/validators" search={{ key, value }}>
              {value}
            </Link>
          </dd>
        </div>
      ))}
      <div>
        <dt>Listed by</dt>
        <dd>{validator.sources.length === 0 ? "nobody" : validator.sources.join(", ")}</dd>
      </div>
    </dl>
  );
}

function figures({ balance, effectiveBalance, totals, epochs }: ValidatorDetail, coin: string) {
  const { uptime, effectiveness, missed, lost, delay } = figuresOf(totals, "validators");
  const over = `over ${plural(epochs, "epoch")}`;
  return [
    {
      name: "Balance",
      value: formatBalance(balance, coin),
      evidence: balance === undefined ? "no node told it yet" : `${formatCount(balance)} gwei`,
    },
    {
      name: "Effective",
      value: formatBalance(effectiveBalance, coin),
      evidence: effectiveBalance === undefined ? "no node told it yet" : `${formatCount(effectiveBalance)} gwei`,
    },
    {
      name: "Uptime",
      value: formatShare(uptime),
      evidence: `${totals.included} of ${totals.assigned} attestations included, ${over}`,
    },
    {
      name: "Effectiveness",
      value: formatShare(effectiveness),
      evidence: `${totals.earned} of ${totals.ideal} gwei earned, ${over}`,
    },
    {
      name: "Missed",
      value: missed === undefined ? "unknown" : formatCount(missed),
      note: over,
      tone: missed !== undefined && missed > 0 ? ("warn" as const) : undefined,
      evidence: `${totals.assigned - totals.included} of ${totals.assigned} attestations, ${over}`,
    },
    {
      name: "Delay",
      value: delay === undefined ? "unknown" : delay.toFixed(2),
      note: "slots",
      evidence: `average inclusion delay, slots without a block excused, ${over}`,
    },
    {
      name: "Lost",
      value: formatGwei(lost, coin),
      evidence: `${lost ?? "unknown"} gwei against perfect attestations and sync signatures, ${over}`,
    },
  ];
}
