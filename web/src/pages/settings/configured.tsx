import type { SettingsPage } from "../../../../src/api/contract-respond.ts";
import { useNow } from "../../live/use-now.ts";
import { channelFacts, gatewayFacts, heartbeatShown, routeFacts, ruleWords } from "../../model/settings-words.ts";
import { FactList } from "../../parts/fact-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./settings-page.module.css";

/** What the configuration file says of alarms, and how it does. Changed there, never here: the file is the truth. */
export function Configured({ settings }: { settings: SettingsPage }) {
  const now = useNow();
  const heartbeat = heartbeatShown(settings, now);
  return (
    <>
      <Section title="This Slotkeeper" aside="changed in slotkeeper.yaml">
        <dl className={styles.facts}>
          <dt>Version</dt>
          <dd>{settings.version}</dd>
          <dt>Reached at</dt>
          <dd>{settings.publicUrl === "" ? "not set: links in messages lead nowhere" : settings.publicUrl}</dd>
          <dt>Store</dt>
          <dd>{settings.store === "sqlite" ? "SQLite, one file" : "PostgreSQL"}</dd>
          <dt>Rules</dt>
          <dd>{ruleWords(settings)}</dd>
          <dt>Sign of life</dt>
          <dd>
            <StateGlyph tone={heartbeat.tone} size={12} />
            <span>{heartbeat.words}</span>
          </dd>
        </dl>
        <FactList label="Gateways" facts={gatewayFacts(settings)} />
      </Section>
      <Section title="Channels" aside="by which people are told">
        {settings.channels.length === 0 ? (
          <Notice tone="bad" title="No channel is configured: nobody is told of anything." />
        ) : (
          <FactList label="Channels" facts={channelFacts(settings)} />
        )}
      </Section>
      <Section title="Routes" aside="the first that matches is taken">
        {settings.routes.length === 0 ? (
          <Notice tone="bad" title="No route is configured: alerts reach nobody." />
        ) : (
          <FactList label="Routes" facts={routeFacts(settings)} />
        )}
      </Section>
    </>
  );
}
