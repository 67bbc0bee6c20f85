import type { DutyExplanation } from "../../../../src/api/contract-duties.ts";
import type { DutyException, DutyProof } from "../../../../src/duties/types.ts";
import { useProof } from "../../live/duties-queries.ts";
import { useReasons } from "../../live/queries.ts";
import { formatGwei, formatShare, shareOf } from "../../model/amounts.ts";
import { flagWords, outcomeWords, proofCommands } from "../../model/duty-words.ts";
import { formatCount, plural } from "../../model/format.ts";
import { Button } from "../../parts/button.tsx";
import { CopyLine } from "../../parts/copy-line.tsx";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import styles from "./proof.module.css";

/** Why this duty ended as it did, and everything by which a stranger can check it on the chain. */
export function Proof({ id, epoch, coin }: { id: string; epoch: number; coin: string }) {
  const { data, error, refetch, isFetching } = useProof(id, epoch);
  if (data === undefined)
    return error === null ? (
      <Notice tone="wait" title="Reading the proof from a beacon node…" role="status" />
    ) : (
      <Notice tone="bad" title="The proof cannot be read." role="alert">
        {error.message}{" "}
        <Button disabled={isFetching} onClick={() => void refetch()}>
          Try again
        </Button>
      </Notice>
    );
  const { proof, outcome, noProof } = data;
  return (
    <div className={styles.proof}>
      <div className={styles.column}>
        <h3 className={styles.heading}>Why</h3>
        <Causes exceptions={outcome?.exceptions ?? []} coin={coin} />
        <NetworkThen data={data} />
        {proof !== undefined && (
          <>
            <h3 className={styles.heading}>Check it by hand</h3>
            {proofCommands(proof).map(({ does, command }) => (
              <CopyLine key={command} does={does} text={command} />
            ))}
            <p className={styles.quiet}>
              {proof.seatFrom === "record"
                ? "$BEACON is the address of any beacon node; the committees need one that keeps old states."
                : `$BEACON is the address of any beacon node that still holds epoch ${formatCount(epoch)}.`}
            </p>
          </>
        )}
      </div>
      <div className={styles.column}>
        <h3 className={styles.heading}>Proof</h3>
        {proof === undefined ? (
          <Notice tone="unknown" title="There is no proof.">
            {noProof?.message ?? "The server did not say why."}
          </Notice>
        ) : (
          <ProofFacts proof={proof} />
        )}
      </div>
    </div>
  );
}

function Causes({ exceptions, coin }: { exceptions: readonly DutyException[]; coin: string }) {
  const reasonOf = useReasons("cause");
  if (exceptions.length === 0)
    return <p>Nothing was lost: every duty of this epoch was perfect, or none is recorded.</p>;
  return exceptions.map(({ slot, kind, outcome, lost, cause }) => (
    <section key={`${slot} ${kind} ${outcome}`} className={styles.cause}>
      <p>
        <strong>
          {kind} {outcomeWords(outcome)}: {reasonOf(cause.code).short}
        </strong>
        , {cause.confidence}; slot {formatCount(slot)}
        {lost !== undefined && `, ${formatGwei(lost, coin)} lost`}
      </p>
      {reasonOf(cause.code).long !== "" && <p>{reasonOf(cause.code).long}</p>}
      {cause.evidence.length > 0 && (
        <ul className={styles.evidence} aria-label="Evidence">
          {cause.evidence.map(({ origin, at, text }) => (
            <li key={`${origin} ${at} ${text}`}>
              <span className={styles.origin}>{origin}</span> {text}
              {at !== undefined && (
                <span className={styles.quiet}>
                  {" "}
                  <Instant at={at} hasLocal={false} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  ));
}

function NetworkThen({ data }: { data: DutyExplanation }) {
  const { network } = data;
  if (network === undefined) return <p className={styles.quiet}>The network at that slot is not recorded.</p>;
  return (
    <p>
      The network at that slot: {formatCount(network.included)} of {formatCount(network.assigned)} votes included (
      {formatShare(shareOf(network.included, network.assigned))}),{" "}
      {formatShare(shareOf(network.timelyHead, network.assigned))} with the timely head.
    </p>
  );
}

function ProofFacts({ proof }: { proof: DutyProof }) {
  const { duty, expected, examined, inclusions } = proof;
  if (duty === undefined) return <p>It sat in no committee of this epoch.</p>;
  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Its place">
          slot {formatCount(duty.slot)}, committee {duty.committee}, position {duty.position} (from 0)
          {proof.seatFrom === "record" &&
            ", as recorded when the epoch was judged: no node holds its state any more; the blocks were read just now"}
        </Fact>
        <Fact name="State">{proof.state}</Fact>
        {expected !== undefined && (
          <>
            <Fact name="Right head" isMono>
              {expected.headRoot}
            </Fact>
            <Fact name="Right target" isMono>
              {expected.targetRoot}
            </Fact>
          </>
        )}
      </dl>
      {inclusions.length === 0 ? (
        <p>
          <strong>No canonical block holds its vote.</strong>
        </p>
      ) : (
        inclusions.map((inclusion) => (
          <section key={`${inclusion.blockSlot} ${inclusion.attestation} ${inclusion.bit}`} className={styles.cause}>
            <p>
              <strong>Block of slot {formatCount(inclusion.blockSlot)}</strong>, attestation {inclusion.attestation},
              bit {inclusion.bit} of aggregation_bits, {plural(inclusion.delay, "slot")} later:{" "}
              {flagWords(inclusion.duties)
                .map(({ word, isTimely }) => (isTimely ? word : `no ${word}`))
                .join(", ")}
            </p>
            <dl className={styles.facts}>
              <Fact name="Block" isMono>
                {inclusion.blockRoot}
              </Fact>
              <Fact name={inclusion.headRoot === expected?.headRoot ? "Head, right" : "Head, wrong"} isMono>
                {inclusion.headRoot}
              </Fact>
              <Fact name={inclusion.target.root === expected?.targetRoot ? "Target, right" : "Target, wrong"} isMono>
                {inclusion.target.root} (epoch {inclusion.target.epoch})
              </Fact>
              <Fact name="Source" isMono>
                {inclusion.source.root} (epoch {inclusion.source.epoch})
              </Fact>
            </dl>
          </section>
        ))
      )}
      <details className={styles.examined}>
        <summary>{plural(examined.length, "slot")} examined</summary>
        <ol>
          {examined.map(({ slot, root }) => (
            <li key={slot}>
              {formatCount(slot)} <span className={styles.mono}>{root ?? "no block"}</span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

function Fact({ name, children, isMono }: { name: string; children: React.ReactNode; isMono?: boolean }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className={isMono === true ? styles.mono : undefined}>{children}</dd>
    </div>
  );
}
