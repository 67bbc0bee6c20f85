import { useHosts, useReasons } from "../../live/queries.ts";
import { hostFacts } from "../../model/host-words.ts";
import { plural } from "../../model/format.ts";
import { FactList } from "../../parts/fact-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";

/** Our machines, where the configuration names any. */
export function Hosts() {
  const { data, failureReason } = useHosts();
  const reasonOf = useReasons("signals");
  if (data === undefined)
    return failureReason === null ? null : (
      <Section title="Hosts">
        <Notice tone="unknown" title="The hosts cannot be read.">
          {failureReason.message}
        </Notice>
      </Section>
    );
  if (data.hosts.length === 0) return null;
  const good = data.hosts.filter(({ verdict }) => verdict === "good").length;
  return (
    <Section
      title="Hosts"
      isStale={failureReason !== null}
      aside={`${good} of ${plural(data.hosts.length, "host")} without findings`}
    >
      <FactList label="Hosts" facts={hostFacts(data, reasonOf)} />
    </Section>
  );
}
