import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import type { AuditRecord } from "../../../../src/access/audit.ts";
import { useAudit } from "../../live/alerts-queries.ts";
import { useSession } from "../../live/session-state.ts";
import { auditFields, chainWords, isRecordFound, resultTone, type AuditSearch } from "../../model/audit-list.ts";
import { formatCount, fullInstant, plural } from "../../model/format.ts";
import { Button } from "../../parts/button.tsx";
import { Instant } from "../../parts/instant.tsx";
import { NeedRole } from "../../parts/need-role.tsx";
import { Notice } from "../../parts/notice.tsx";
import { PageBand } from "../../parts/page-band.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { useShortcuts } from "../../shell/use-shortcuts.ts";
import { WaitForPart } from "../wait-for-part.tsx";
import styles from "./audit-page.module.css";

const route = getRouteApi("/audit");

/** Who did what through Slotkeeper, newest first, and whether the record was tampered with. */
export function AuditPage() {
  const session = useSession();
  if (session.kind === "user" && session.role === "admin") return <Records />;
  return (
    <>
      <h1 className="only-heard">Audit</h1>
      <NeedRole what="The audit is" role="admin" />
    </>
  );
}

function Records() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const first = useRef<HTMLInputElement>(null);
  const { data, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useAudit();
  useShortcuts({ "/": () => first.current?.focus() });
  const change = (part: AuditSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  if (data === undefined)
    return (
      <>
        <h1 className="only-heard">Audit</h1>
        <WaitForPart what="the audit" failure={failureReason} />
      </>
    );
  const records = data.pages.flatMap((page) => page.records);
  const shown = records.filter((record) => isRecordFound(record, search));
  const verdict = data.pages[0]?.verdict ?? { isWhole: false, count: 0, why: "nothing was read" };
  const chain = chainWords(verdict);
  return (
    <div className={styles.page}>
      <PageBand label="Audit" tone={chain.tone} sentence={chain.sentence}>
        <p>
          {verdict.isWhole
            ? "Each record holds the hash of the one before it: none was changed, removed or put in between."
            : "Somebody or something has changed what was recorded. Copy the store before anything else is done, and compare it with a backup."}
        </p>
      </PageBand>
      <Section
        title="Records"
        aside={`${formatCount(shown.length)} of ${plural(records.length, "record")} read shown, of ${formatCount(verdict.count)} in all`}
      >
        <div className={styles.tools}>
          {auditFields.map((field, index) => (
            <input
              key={field}
              ref={index === 0 ? first : undefined}
              type="search"
              aria-label={`Filter by ${field}`}
              placeholder={`${field}${index === 0 ? "   /" : ""}`}
              spellCheck={false}
              value={search[field] ?? ""}
              onChange={(event) => change({ [field]: event.target.value })}
            />
          ))}
        </div>
        {shown.length === 0 ? (
          <Notice
            tone="unknown"
            title={records.length === 0 ? "Nothing was done yet." : "No record that was read matches."}
          >
            {hasNextPage && "Older records are not read yet."}
          </Notice>
        ) : (
          <ol className={styles.list} aria-label="Records, newest first">
            {shown.map((record) => (
              <Record key={record.id} record={record} />
            ))}
          </ol>
        )}
        {hasNextPage && (
          <div className={styles.more}>
            <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {isFetchingNextPage ? "Reading…" : "Show older records"}
            </Button>
          </div>
        )}
      </Section>
    </div>
  );
}

function Record({ record }: { record: AuditRecord }) {
  return (
    <li className={styles.item} title={`record ${record.id}, ${fullInstant(record.at)}, hash ${record.hash}`}>
      <span className={styles.id}>{record.id}</span>
      <span className={styles.at}>
        <Instant at={record.at} hasLocal={false} />
      </span>
      <span>{record.actor}</span>
      <span className={styles.action}>{record.action}</span>
      <span>{record.target}</span>
      <span className={styles.result}>
        <StateGlyph tone={resultTone(record.result)} size={12} />
        <span>{record.result}</span>
      </span>
    </li>
  );
}
