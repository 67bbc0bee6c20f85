import { useNext } from "../../live/duties-queries.ts";
import { NextDutyList } from "../../parts/next-duty-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";

export function NextDuties({ isStale }: { isStale: boolean }) {
  const { data, failureReason } = useNext();
  return (
    <Section title="Next blocks and sync duties" isStale={isStale}>
      {data === undefined ? (
        <Notice
          tone="unknown"
          title={failureReason === null ? "Reading what comes next…" : "What comes next cannot be read."}
        >
          {failureReason?.message}
        </Notice>
      ) : (
        <NextDutyList duties={data.duties} knownToEpoch={data.knownToEpoch} most={6} />
      )}
    </Section>
  );
}
