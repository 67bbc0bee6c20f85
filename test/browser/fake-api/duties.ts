import type { DutiesNow, FleetPage } from "../../../src/api/contract-duties.ts";
import { slotsPerEpoch } from "./build-node.ts";
import { slotNow } from "./build-snapshot.ts";
import { fleetCells, heatmapBody, type FakeFleet } from "./duty-cells.ts";
import { causesPage, cohortTable, dutiesNow, epochsPage, labelsOf, nextPage, slaPage } from "./duty-records.ts";
import {
  explanation,
  findRow,
  keyOf,
  validatorDetail,
  validatorDuties,
  validatorsPage,
  type FakeDuties,
} from "./duty-validators.ts";

/** What the fake API tells about duties: nothing by itself. */
export interface DutyScene {
  state: DutiesNow["state"];
  validators: number;
  epochs: number;
  hasConflict: boolean;
  /** A key in two validator clients, a source that fails, a name that nothing declares. */
  hasTrouble: boolean;
  /** How old its news are. */
  ageMs: number;
  sentence?: string;
}

export const noDuties: DutyScene = {
  state: "off",
  validators: 0,
  epochs: 0,
  hasConflict: false,
  hasTrouble: false,
  ageMs: 0,
};

const made = new Map<string, FakeDuties>();

/** Kept for the life of the process: a hundred thousand validators take a while to make. */
function dutiesOf({ validators, epochs }: DutyScene): FakeDuties {
  const key = `${validators} ${epochs}`;
  const current = Math.floor(slotNow(Date.now()) / slotsPerEpoch);
  const fleet: FakeFleet = { validators, epochs, toEpoch: current - 2, finalEpoch: current - 4 };
  const before = made.get(key);
  const duties = before ?? { fleet, cells: fleetCells(fleet) };
  made.set(key, duties);
  return duties;
}

export function dutyNews(scene: DutyScene, now: number): DutiesNow {
  const { state, ageMs, sentence } = scene;
  const { fleet } = dutiesOf(scene);
  const part = { state, at: now - ageMs, ...(sentence === undefined ? {} : { sentence }) };
  if (state !== "off" && state !== "starting") return dutiesNow(fleet, now, part);
  const none = { provisionalEpoch: undefined, finalEpoch: undefined, live: [], cost: undefined };
  return dutiesNow(fleet, now, { ...part, ...none });
}

function fleetPage({ hasConflict, hasTrouble, validators }: DutyScene): FleetPage {
  const at = Date.now();
  const source = { kind: "csv", readAt: at - 40_000, validators, skipped: [] } as const;
  const keys = (place: string) => ({
    ...({ place, kind: "validator-client", checkedAt: at - 90_000 } as const),
    ...{ expected: validators / 2, loaded: validators / 2 },
    ...{ missing: [], unexpected: [], doubled: [], counts: { missing: 0, unexpected: 0, doubled: 0 } },
  });
  const doubled = [{ pubkey: keyOf(9), places: ["vc-1", "vc-2"] }];
  const trouble: Pick<FleetPage, "sources" | "keys" | "findings"> = {
    sources: [
      { ...source, name: "acme.csv", skipped: ["line 17: 3 cells where the first line has 4"] },
      {
        ...{ ...source, name: "vc-2", kind: "keymanager", readAt: undefined, validators: 0 },
        error: { code: "source-unreachable", message: "connect ECONNREFUSED 10.0.0.7:5062", at },
      },
    ],
    keys: [
      { ...keys("vc-1"), doubled, counts: { missing: 0, unexpected: 0, doubled: 1 } },
      {
        ...{ ...keys("vc-2"), missing: [keyOf(3)], doubled },
        counts: { missing: 1, unexpected: 0, doubled: 1 },
      },
    ],
    findings: [
      { reason: "unknown-customer", about: "acmee", validators: 2, detail: "validators 500,003 and 500,004 name it" },
    ],
  };
  return {
    ...{ revision: 1, validators, withoutIndex: 0, statuses: { active_ongoing: validators } },
    ...{ sources: [{ ...source, name: "acme.csv" }], keys: [keys("vc-1"), keys("vc-2")], findings: [] },
    ...(hasTrouble && trouble),
    conflicts: hasConflict
      ? [
          {
            ...{ validator: keyOf(9), label: "validatorClient" },
            claims: [
              { source: "acme.csv", value: "vc-1" },
              { source: "keymanager vc-2", value: "vc-2" },
            ],
          },
        ]
      : [],
  };
}

/** The answer to a path below `/api/v1`: JSON, bytes, or `undefined` where there is no such thing. */
export function answerDuties(scene: DutyScene, path: string, query: URLSearchParams): object | Buffer | undefined {
  const now = Date.now();
  if (path === "/duties") return dutyNews(scene, now);
  const duties = dutiesOf(scene);
  const { fleet, cells } = duties;
  const isEmpty = scene.state === "starting";
  switch (path) {
    case "/duties/epochs":
      return isEmpty ? { epochs: [], gaps: [] } : epochsPage(fleet);
    case "/duties/causes":
      return causesPage();
    case "/duties/next":
      return nextPage(fleet, now);
    case "/sla":
      return slaPage(fleet, now);
    case "/fleet":
      return fleetPage(scene);
    case "/cohorts": {
      const table = cohortTable(fleet, Number(query.get("epochs") ?? 225));
      return isEmpty ? { ...table, cohorts: [] } : table;
    }
    case "/validators":
      return validatorsPage(duties, query);
    case "/duties/heatmap": {
      const [key, value] = [query.get("key"), query.get("value")];
      const takes = (row: number) =>
        key === null || (labelsOf(row, fleet.validators) as Readonly<Record<string, string>>)[key] === value;
      return heatmapBody(fleet, cells, Number(query.get("from")), Number(query.get("to")), takes);
    }
    default:
      return answerValidator(duties, path, query, now);
  }
}

function answerValidator(duties: FakeDuties, path: string, query: URLSearchParams, now: number): object | undefined {
  const [, id, part] = /^\/validators\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  const row = id === undefined ? undefined : findRow(duties, id);
  if (row === undefined) return undefined;
  switch (part) {
    case undefined:
      return validatorDetail(duties, row, now);
    case "duties":
      return validatorDuties(duties, row, query);
    case "proof":
      return explanation(duties, row, Number(query.get("epoch")));
    default:
      return undefined;
  }
}
