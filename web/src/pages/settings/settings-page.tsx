import { useSession } from "../../live/session-state.ts";
import { useRespondSettings } from "../../live/alerts-queries.ts";
import { NeedRole } from "../../parts/need-role.tsx";
import { Section } from "../../parts/section.tsx";
import { WaitForPart } from "../wait-for-part.tsx";
import { ApiTokens } from "./api-tokens.tsx";
import { Configured } from "./configured.tsx";
import { Look } from "./look.tsx";
import styles from "./settings-page.module.css";
import { Users } from "./users.tsx";
import { You } from "./you.tsx";

/** What is configured and how it does, who may use it, and how this page looks. */
export function SettingsPage() {
  const { data, failureReason } = useRespondSettings();
  const session = useSession();
  const isAdmin = session.kind === "user" && session.role === "admin";
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>Settings</h1>
      <div className={styles.pair}>
        <You />
        <Look />
      </div>
      {data === undefined ? (
        <WaitForPart what="the settings" failure={failureReason} />
      ) : (
        <Configured settings={data} />
      )}
      {isAdmin ? (
        <>
          <Users own={session.name} />
          <ApiTokens />
        </>
      ) : (
        <Section title="Users and API tokens">
          <NeedRole what="Users and tokens are" role="admin" />
        </Section>
      )}
    </div>
  );
}
