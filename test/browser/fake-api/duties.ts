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
  /** How old its news are. */
  ageMs: number;
  sentence?: string;
}

export const noDuties: DutyScene = { state: "off", validators: 0, epochs: 0, hasConflict: false, ageMs: 0 };

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

const fleetPage = ({ hasConflict, validators }: DutyScene): FleetPage => ({
  ...{ revision: 1, validators, withoutIndex: 0, statuses: { active_ongoing: validators }, sources: [], keys: [] },
  findings: [],
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
});

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
