import type {
  DutyExplanation,
  ValidatorDetail,
  ValidatorDuties,
  ValidatorEpoch,
  ValidatorRow,
  ValidatorsPage,
} from "../../../src/api/contract-duties.ts";
import { heatCells } from "../../../src/api/contract-duties.ts";
import { dutyBits, type DutyException, type ExceptionOutcome } from "../../../src/duties/types.ts";
import { rootOf, slotsPerEpoch } from "./build-node.ts";
import { genesisTimeMs } from "./build-snapshot.ts";
import { epochState, indexOf, rowOf, type FakeFleet } from "./duty-cells.ts";
import { labelsOf, nextPage, totalsOf } from "./duty-records.ts";

export const keyOf = (row: number): string => `0x${(row + 0xabc_000).toString(16).padStart(12, "8").repeat(8)}`;

export interface FakeDuties {
  fleet: FakeFleet;
  cells: Uint8Array;
}

const cellsOf = ({ fleet, cells }: FakeDuties, row: number, last: number): number[] =>
  Array.from({ length: last }, (_, at) => cells[(fleet.epochs - last + at) * fleet.validators + row] ?? 0);

export function rowAt(duties: FakeDuties, row: number): ValidatorRow {
  return {
    ...{ index: indexOf(row), pubkey: keyOf(row), labels: labelsOf(row, duties.fleet.validators) },
    ...{ status: row === 4 ? "active_slashed" : "active_ongoing", effectiveBalance: 32_000_000_000 },
    ...{ balance: 32_004_718_231 + row * 1_000, recent: cellsOf(duties, row, Math.min(64, duties.fleet.epochs)) },
  };
}

export function validatorsPage(duties: FakeDuties, query: URLSearchParams): ValidatorsPage {
  const search = (query.get("search") ?? "").toLowerCase();
  const [key, value] = [query.get("key"), query.get("value")];
  const limit = Number(query.get("limit") ?? 50);
  const { validators } = duties.fleet;
  const found = Array.from({ length: validators }, (_, row) => row).filter((row) => {
    const labels: Readonly<Record<string, string>> = labelsOf(row, validators);
    if (key !== null && labels[key] !== value) return false;
    const text = `${indexOf(row)} ${keyOf(row)} ${Object.values(labels).join(" ")}`;
    return search === "" || text.includes(search);
  });
  const from = Number(query.get("after") ?? 0);
  const items = found.slice(from, from + limit).map((row) => rowAt(duties, row));
  return { total: found.length, items, ...(from + limit < found.length ? { nextAfter: String(from + limit) } : {}) };
}

/** The row that an index or a key names, or nothing. */
export function findRow(duties: FakeDuties, id: string): number | undefined {
  const row = id.startsWith("0x") ? parseInt(id.slice(2, 14).replace(/^8+/, ""), 16) - 0xabc_000 : rowOf(Number(id));
  return Number.isInteger(row) && row >= 0 && row < duties.fleet.validators ? row : undefined;
}

export function validatorDetail(duties: FakeDuties, row: number, now: number): ValidatorDetail {
  const claims = [
    { source: "acme.csv", value: "acme" },
    { source: "keymanager vc-2", value: "borealis" },
  ];
  return {
    ...{ ...rowAt(duties, row), sources: ["acme.csv"], epochs: 225 },
    conflicts: row === 9 ? [{ validator: keyOf(row), label: "customer", claims }] : [],
    next: nextPage(duties.fleet, now).duties.filter(({ validatorIndex }) => validatorIndex === indexOf(row)),
    totals: totalsOf(1, 225, 3 / 225, 0.02),
  };
}

const { assigned, included, timelySource, timelyTarget, timelyHead, slashed } = dutyBits;
const voted = assigned | included | timelySource;
const dutyOf: Readonly<Record<number, { duty: number; delay: number; outcome?: ExceptionOutcome; cause?: string }>> = {
  [heatCells.unassigned]: { duty: 0, delay: 0 },
  [heatCells.perfect]: { duty: voted | timelyTarget | timelyHead, delay: 1 },
  [heatCells.wrongHead]: { duty: voted | timelyTarget, delay: 1, outcome: "wrong-head", cause: "late-block" },
  [heatCells.late]: { duty: voted | timelyTarget, delay: 3, outcome: "late", cause: "unknown" },
  [heatCells.wrongTarget]: { duty: voted, delay: 1, outcome: "wrong-target", cause: "late-block" },
  [heatCells.missed]: { duty: assigned, delay: 0, outcome: "missed", cause: "key-not-loaded" },
  [heatCells.slashed]: { duty: assigned | slashed, delay: 0, outcome: "slashed", cause: "unknown" },
};

function epochOf(duties: FakeDuties, row: number, epoch: number): ValidatorEpoch | undefined {
  const state = epochState(epoch, duties.fleet);
  const { fleet, cells } = duties;
  const cell = cells[(epoch - (fleet.toEpoch + 1 - fleet.epochs)) * fleet.validators + row];
  const told = cell === undefined ? undefined : dutyOf[cell];
  if (state === null || told === undefined) return undefined;
  const slot = epoch * slotsPerEpoch + (row % slotsPerEpoch);
  const exceptions: DutyException[] =
    told.outcome === undefined
      ? []
      : [
          {
            ...{ epoch, slot, validatorIndex: indexOf(row), kind: "attestation", outcome: told.outcome },
            ...{ detail: told.delay, lost: told.delay === 0 ? 16_800 : 3_050 },
            cause: {
              ...{ code: told.cause ?? "unknown", confidence: "likely" },
              evidence: [
                {
                  origin: "validator-client:vc-4",
                  at: genesisTimeMs + slot * 12_000,
                  text: "4,996 keys loaded, 5,000 expected",
                },
                { origin: "gateway:main", at: undefined, text: "no vote of this validator was seen for this slot" },
              ],
            },
          },
        ];
  const lost = exceptions[0]?.lost ?? 0;
  return {
    ...{ epoch, state, duty: told.duty, delay: told.delay, emptySlots: told.delay === 3 ? 1 : 0 },
    ...{ earned: 11_700 - lost, ideal: 11_700, rewards: "node", balance: undefined, exceptions, proposals: [] },
    sync:
      epoch % 40 === 3
        ? { ...{ validatorIndex: indexOf(row), seats: 1, duties: 31, hits: 30 }, earned: 1, ideal: 1 }
        : undefined,
  };
}

export function validatorDuties(duties: FakeDuties, row: number, query: URLSearchParams): ValidatorDuties {
  const from = Number(query.get("from") ?? duties.fleet.toEpoch - 60);
  const items: ValidatorEpoch[] = [];
  for (let epoch = duties.fleet.toEpoch; epoch >= from; epoch--) {
    const item = epochOf(duties, row, epoch);
    if (item !== undefined) items.push(item);
  }
  return { items };
}

export function explanation(duties: FakeDuties, row: number, epoch: number): DutyExplanation {
  const outcome = epochOf(duties, row, epoch);
  const slot = epoch * slotsPerEpoch + (row % slotsPerEpoch);
  const base = { validator: rowAt(duties, row), epoch, outcome };
  if (outcome === undefined || duties.fleet.toEpoch - epoch > 100)
    return {
      ...{ ...base, proof: undefined, network: undefined },
      noProof: {
        code: "state-pruned",
        message: `No node holds the state of epoch ${epoch} any more. Ask an archive node.`,
      },
    };
  const blockSlot = slot + outcome.delay;
  const target = { epoch, root: rootOf(epoch * slotsPerEpoch) };
  return {
    ...base,
    proof: {
      ...{
        validatorIndex: indexOf(row),
        epoch,
        state: outcome.state,
        seatFrom: "state",
        duties: outcome.duty,
        delay: outcome.delay,
      },
      ...{ duty: { slot, committee: row % 64, position: 311 }, emptySlots: outcome.emptySlots },
      expected: { headRoot: rootOf(slot), targetRoot: target.root },
      examined: Array.from({ length: 63 - (slot % slotsPerEpoch) }, (_, at) => ({
        slot: slot + 1 + at,
        root: at % 9 === 4 ? undefined : rootOf(slot + 1 + at),
      })),
      inclusions:
        outcome.delay === 0
          ? []
          : [
              {
                ...{ blockSlot, blockRoot: rootOf(blockSlot), attestation: 3, bit: 25_204, delay: outcome.delay },
                ...{ headRoot: rootOf(outcome.duty & timelyHead ? slot : slot - 1), duties: outcome.duty, target },
                source: { epoch: epoch - 1, root: rootOf((epoch - 1) * slotsPerEpoch) },
              },
            ],
    },
    network: { assigned: 32_875, included: 32_702, timelyHead: 32_290 },
  };
}
