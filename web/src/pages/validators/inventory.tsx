import { useFleet } from "../../live/duties-queries.ts";
import { useReasons } from "../../live/queries.ts";
import { plural } from "../../model/format.ts";
import { findingFacts, keyFacts, sourceFacts, statusWords } from "../../model/inventory-words.ts";
import { FactList } from "../../parts/fact-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./inventory.module.css";

/** Where the validators come from, which keys are loaded where, and what of it does not fit. */
export function Inventory({ isStale }: { isStale: boolean }) {
  const { data: fleet, failureReason } = useFleet();
  const sourceReason = useReasons("source");
  const inventoryReason = useReasons("inventory");
  if (fleet === undefined)
    return (
      <Section title="Inventory">
        <Notice
          tone="unknown"
          title={failureReason === null ? "Reading the inventory…" : "The inventory cannot be read."}
        >
          {failureReason?.message}
        </Notice>
      </Section>
    );
  const parts = [
    { title: "Sources", facts: sourceFacts(fleet, sourceReason) },
    { title: "Keys loaded", facts: keyFacts(fleet) },
    { title: "To look at", facts: findingFacts(fleet, inventoryReason) },
  ].filter(({ facts }) => facts.length > 0);
  return (
    <Section
      title="Inventory"
      isStale={isStale}
      aside={`${plural(fleet.validators, "validator")}${fleet.validators > 0 ? `: ${statusWords(fleet)}` : ""}`}
    >
      {parts.map(({ title, facts }) => (
        <div key={title} className={styles.part}>
          <h3 className={styles.heading}>{title}</h3>
          <FactList label={title} facts={facts} />
        </div>
      ))}
    </Section>
  );
}
