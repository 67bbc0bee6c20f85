import { useAction } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, formatDuration, fullInstant, plural } from "../../model/format.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { duplicateWords, heldFor, refusalWords } from "../../model/operations.ts";
import { comingProposals, untilWords } from "../../model/proposal-words.ts";
import { viewTone } from "../../model/shown-state.ts";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { HoldDialog, ReleaseDialog, WatermarkDialog, type GroupAction } from "./group-dialogs.tsx";
import styles from "./operations.module.css";

const mostNames = 4;

/** Every group that validator clients are served by: what it signs, what guards it, and what may be done to all of it. */
export function GroupDesk({ groups }: { groups: readonly GroupRows[] }) {
  const served = groups.filter(({ isGateway }) => isGateway);
  if (served.length === 0) return null;
  return (
    <div id="groups" className={styles.anchor}>
      <Section title={served.length === 1 ? "Group" : "Groups"}>
        {served.map((rows) => (
          <GroupRow key={rows.key} rows={rows} />
        ))}
      </Section>
    </div>
  );
}

function GroupRow({ rows }: { rows: GroupRows }) {
  const action = useAction<GroupAction>();
  const { group, gateway, freshness } = rows;
  const isStale = freshness.kind === "stale";
  const asked = action.step.kind === "idle" ? undefined : action.step.name;
  const dialog = { action, rows };
  return (
    <div className={styles.group} role="group" aria-label={`Group ${group.group}`}>
      <p className={styles.groupHead}>
        <StateGlyph tone={viewTone(group, isStale)} size={12} />
        <strong>{group.group}</strong>
        <span>{isStale ? `unknown, was ${group.view.kind}` : group.view.kind}</span>
        <span className={styles.quiet}>
          {gateway.name} · {group.listen.host}:{group.listen.port}
        </span>
      </p>
      <GroupFacts rows={rows} />
      <Proposals rows={rows} />
      <div className={styles.buttons}>
        <Button onClick={() => action.ask(group.hold === undefined ? "hold" : "release")}>
          {group.hold === undefined ? "Hold signing…" : "Release…"}
        </Button>
        {group.sourceWatermark !== undefined && (
          <Button kind="bare" onClick={() => action.ask("watermark")}>
            Reset watermark…
          </Button>
        )}
      </div>
      <ActionOutcome action={action} unchanged={`Group ${group.group} was not changed.`} />
      {asked === "hold" && <HoldDialog {...dialog} />}
      {asked === "release" && <ReleaseDialog {...dialog} />}
      {asked === "watermark" && <WatermarkDialog {...dialog} />}
    </div>
  );
}

function GroupFacts({ rows }: { rows: GroupRows }) {
  const now = useNow();
  const { duplicateKey, hold, sourceWatermark, tripwire, view } = rows.group;
  const last = tripwire?.last;
  const signing =
    hold !== undefined
      ? `on hold${heldFor(hold, now)}`
      : view.signingInputs.length > 0
        ? `from ${view.signingInputs.length > mostNames ? plural(view.signingInputs.length, "node") : view.signingInputs.join(", ")}`
        : view.kind === "split"
          ? "withheld: the nodes are split"
          : "withheld: no node may serve it";
  return (
    <dl className={styles.facts}>
      <dt>Signing</dt>
      <dd
        title={view.signingInputs.join(", ")}
        data-tone={hold !== undefined || view.signingInputs.length === 0 ? "bad" : undefined}
      >
        {signing}
      </dd>
      <dt title="No source epoch below this one is served.">Watermark</dt>
      <dd title={sourceWatermark && `set at ${fullInstant(sourceWatermark.at)}`}>
        {sourceWatermark === undefined ? "none yet" : `source epoch ${formatCount(sourceWatermark.epoch)}`}
      </dd>
      <dt>Tripwire</dt>
      <dd data-tone={last === undefined ? undefined : "bad"}>
        {tripwire === undefined ? "not told" : tripwire.refused === 0 ? "nothing refused" : refusalWords(rows.group)}
        {last !== undefined &&
          `; last a ${last.kind} of validator ${last.validatorIndex ?? "unknown"} for slot ${formatCount(last.slot)}, from ${last.client}, ${formatDuration(now - last.at)} ago`}
      </dd>
      {duplicateKey !== undefined && (
        <>
          <dt>Keys</dt>
          <dd data-tone="bad">{duplicateWords(duplicateKey, now)}</dd>
        </>
      )}
    </dl>
  );
}

/** So that a person sees when not to take a node away. */
function Proposals({ rows }: { rows: GroupRows }) {
  const now = useNow();
  const coming = comingProposals(rows.group, now);
  return (
    <dl className={styles.facts}>
      <dt>Next proposals</dt>
      <dd>
        {coming.length === 0 ? (
          <span className={styles.quiet}>
            {rows.group.proposals === undefined ? "not told" : "none known; learnt from what validator clients ask for"}
          </span>
        ) : (
          <ul>
            {coming.map((one) => (
              <li key={one.slot} title={one.at === undefined ? undefined : fullInstant(one.at)}>
                slot {formatCount(one.slot)}, <strong>{untilWords(one, now)}</strong>, validator {one.validatorIndex}
              </li>
            ))}
          </ul>
        )}
      </dd>
    </dl>
  );
}
