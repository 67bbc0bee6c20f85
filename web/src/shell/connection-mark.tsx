import { useConnection } from "../live/connection.ts";
import { useSnapshot } from "../live/queries.ts";
import { useNow } from "../live/use-now.ts";
import { formatDuration, fullInstant } from "../model/format.ts";
import { snapshotFreshness } from "../model/freshness.ts";
import type { Tone } from "../model/shown-state.ts";
import { StateGlyph } from "../parts/state-glyph.tsx";
import styles from "./connection-mark.module.css";

/** Live, stale, connecting or reconnecting: shape and word. */
export function ConnectionMark() {
  const connection = useConnection();
  const { data } = useSnapshot();
  const now = useNow();
  const isStale = data !== undefined && snapshotFreshness(data, now).kind === "stale";
  const shown = describe();
  return (
    <span className={styles.mark} role="status" title={shown.title}>
      <StateGlyph tone={shown.tone} size={12} />
      {shown.word}
    </span>
  );

  function describe(): { tone: Tone; word: string; title: string } {
    switch (connection.kind) {
      case "connecting":
        return { tone: "wait", word: "connecting", title: "Opening the event stream." };
      case "lost":
        return {
          tone: "warn",
          word: `reconnecting, ${formatDuration(now - connection.sinceAt)}`,
          title: `No connection since ${fullInstant(connection.sinceAt)}; tried ${connection.attempts} times.`,
        };
      case "live":
        return isStale
          ? { tone: "unknown", word: "connected, data stale", title: `Newest data: ${fullInstant(data.at)}` }
          : { tone: "fine", word: "live", title: `Connected since ${fullInstant(connection.sinceAt)}.` };
    }
  }
}
