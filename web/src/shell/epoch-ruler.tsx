import { useSnapshot } from "../live/queries.ts";
import { useNow } from "../live/use-now.ts";
import { formatCount, fullInstant, isLocalUtc, localTime, localZone, utcTime } from "../model/format.ts";
import { networksOf, slotTimeAt, type AgreedNetwork } from "../model/slot-clock.ts";
import styles from "./epoch-ruler.module.css";

/** The networks that this page's groups have agreed on, each once. */
function useNetworks(): readonly AgreedNetwork[] {
  const { data } = useSnapshot();
  return data === undefined ? [] : networksOf([...data.gateways, ...data.observers]);
}

/** UTC, local time where it differs, and the slot and epoch of the first network. */
export function ClockFace() {
  const now = useNow();
  const [network] = useNetworks();
  const time = network === undefined ? undefined : slotTimeAt(now, network);
  return (
    <div className={styles.face}>
      <time dateTime={new Date(now).toISOString()} title={fullInstant(now)}>
        {utcTime(now)} <small>UTC</small>
      </time>
      {!isLocalUtc(now) && (
        <span title={localZone}>
          {localTime(now)} <small>local</small>
        </span>
      )}
      {network !== undefined && time !== undefined && (
        <span
          title={`${network.configName}: slot ${time.slotInEpoch + 1} of ${time.slotsPerEpoch} in epoch ${time.epoch}`}
        >
          {time.slot < 0 ? (
            "before genesis"
          ) : (
            <>
              <small>slot</small> {formatCount(time.slot)} <small>epoch</small> {formatCount(time.epoch)}
            </>
          )}
        </span>
      )}
    </div>
  );
}

/** The epoch drawn along the foot of the bar: one cell per slot, the present one filling as it passes. */
export function EpochRuler() {
  const now = useNow();
  const [network] = useNetworks();
  if (network === undefined) return <div className={styles.ruler} aria-hidden="true" />;
  const time = slotTimeAt(now, network);
  const cell = 1000 / time.slotsPerEpoch;
  const cells = Array.from({ length: time.slotsPerEpoch }, (_, index) => index);
  return (
    <svg className={styles.ruler} viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
      {cells.map((index) => (
        <rect
          key={index}
          x={index * cell}
          width={cell - 1.5}
          height="4"
          data-slot={index < time.slotInEpoch ? "past" : index === time.slotInEpoch ? "current" : "ahead"}
        />
      ))}
      <rect x={time.slotInEpoch * cell} width={(cell - 1.5) * time.slotProgress} height="4" data-slot="past" />
    </svg>
  );
}
