import type { Labels } from "../../alerts/labels.ts";
import { carries } from "../../alerts/labels.ts";
import type { DutyException } from "../../duties/types.ts";
import type { Store } from "../../store/store.ts";
import type { WiredDuties } from "../duties/wire-duties.ts";

const epochsBefore = 5;
const mostLosses = 500;
const mostChanges = 50;
const nearMs = 30 * 60_000;

/** Lost duties of validators with these labels, of the epochs up to an instant (ms since 1970). Before the chain is known: none. */
export async function lossesNear(duties: WiredDuties, labels: Labels, at: number): Promise<readonly DutyException[]> {
  const { genesisTimeMs, slotsPerEpoch, slotDurationMs } = duties.state();
  const epoch = Math.floor((at - genesisTimeMs) / (slotsPerEpoch * slotDurationMs));
  if (!Number.isFinite(epoch)) return [];
  const query = { fromEpoch: Math.max(0, epoch - epochsBefore), toEpoch: Math.max(0, epoch), limit: mostLosses };
  const { items } = await duties.ports.exceptions(query);
  const { byIndex } = duties.watched();
  return items.filter(({ validatorIndex }) => carries(byIndex.get(validatorIndex)?.labels ?? {}, labels));
}

/** What became of a node in the half hour up to an instant (ms since 1970). */
export async function changesNear(
  { journal }: Pick<Store, "journal">,
  node: string,
  at: number,
): Promise<readonly { at: number; text: string }[]> {
  const found = await journal.transitions({ node, limit: mostChanges });
  return found
    .filter((change) => change.at <= at && at - change.at < nearMs)
    .map((change) => ({ at: change.at, text: `${change.from} → ${change.to}, ${change.reason} ${change.detail}` }));
}
