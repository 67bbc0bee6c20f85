import type { InventoryReasonCode } from "./reasons.ts";
import type { Customer, FleetValidator, InventoryFinding } from "./validator.ts";
import type { FleetHost, FleetProvider } from "./validator-sources.ts";

export interface Declared {
  customers: readonly Customer[];
  hosts: readonly FleetHost[];
  providers: readonly FleetProvider[];
}

/** How a source read, for what it says of itself. */
export interface SourceSummary {
  name: string;
  /** `undefined`: never read well. */
  validators: number | undefined;
  skipped: number;
}

const maxFindings = 100;

/** What a person should look at in the inventory: names that nothing declares, empty sources, lines left out. At most 100. */
export function checkInventory(
  validators: readonly FleetValidator[],
  declared: Declared,
  sources: readonly SourceSummary[],
  { dropped, conflictCount }: { dropped: number; conflictCount: number },
): InventoryFinding[] {
  const found = [
    ...undeclared(validators, "customer", declared.customers, "unknown-customer"),
    ...undeclared(validators, "host", declared.hosts, "unknown-host"),
    ...undeclared(validators, "provider", declared.providers, "unknown-provider"),
    ...sources.flatMap(sourceFindings),
  ];
  if (conflictCount > 0)
    found.unshift({
      reason: "key-conflicts",
      about: "validators",
      validators: conflictCount,
      detail: `${conflictCount} contradictions between sources`,
    });
  if (dropped > 0) {
    const detail = `${dropped} listed validators are not watched`;
    found.unshift({ reason: "too-many-validators", about: "validators", validators: dropped, detail });
  }
  return found.slice(0, maxFindings);
}

/** Where nothing of a kind is declared, nothing of that kind is unknown. */
function undeclared(
  validators: readonly FleetValidator[],
  label: string,
  declared: readonly { name: string }[],
  reason: InventoryReasonCode,
): InventoryFinding[] {
  if (declared.length === 0) return [];
  const known = new Set(declared.map(({ name }) => name));
  const counts = new Map<string, number>();
  for (const { labels } of validators) {
    const name = labels[label];
    if (name !== undefined && !known.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .map(([about, count]) => ({
      reason,
      about,
      validators: count,
      detail: `${count === 1 ? "one validator has" : `${count} validators have`} the label ${label}=${about}`,
    }));
}

function sourceFindings({ name, validators, skipped }: SourceSummary): InventoryFinding[] {
  const about = name;
  const found: InventoryFinding[] = [];
  if (validators === 0)
    found.push({ reason: "empty-source", about, validators: 0, detail: `${name} lists no validator` });
  if (skipped > 0)
    found.push({ reason: "skipped-entries", about, validators: skipped, detail: `${name}: ${skipped} left out` });
  return found;
}
