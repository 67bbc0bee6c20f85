import type {
  CohortTable,
  DutyExplanation,
  FleetPage,
  NextDutiesPage,
  ValidatorDetail,
  ValidatorDuties,
  ValidatorRow,
  ValidatorsPage,
} from "../../api/contract-duties.ts";
import { parseValidatorId, validatorName } from "../../fleet/validator-key.ts";
import { AppError } from "../../lib/app-error.ts";
import { askMonitor } from "../ask-monitor.ts";

export interface ListQuery {
  search?: string;
  key?: string;
  value?: string;
  limit: number;
}

/** The API's own bound of one page. */
const pageLimit = 1_000;

/** Validators of the inventory, up to `limit`. Throws AppError as `askMonitor`. */
export async function listValidators(
  configPath: string,
  { limit, ...query }: ListQuery,
): Promise<Pick<ValidatorsPage, "total" | "items">> {
  const monitor = await askMonitor(configPath);
  const items: ValidatorRow[] = [];
  let total = 0;
  let after: string | undefined;
  do {
    const rest = Math.min(pageLimit, limit - items.length);
    const page = await monitor.get<ValidatorsPage>("validators", { ...query, limit: rest, after });
    items.push(...page.items);
    total = page.total;
    after = page.nextAfter;
  } while (after !== undefined && items.length < limit);
  return { total, items };
}

export interface ShownValidator {
  validator: ValidatorDetail;
  duties: ValidatorDuties;
}

/** One validator and its last epochs. Throws AppError `bad-validator`, `not-found`, and as `askMonitor`. */
export async function showValidator(configPath: string, id: string, epochs: number): Promise<ShownValidator> {
  const monitor = await askMonitor(configPath);
  const path = pathOf(id);
  const validator = await monitor.get<ValidatorDetail>(path);
  const { items } = await monitor.get<ValidatorDuties>(`${path}/duties`);
  return { validator, duties: { items: items.slice(0, epochs) } };
}

/** Why one validator's epoch is what it is. Throws as `showValidator`. */
export async function explainValidator(configPath: string, id: string, epoch: number): Promise<DutyExplanation> {
  const monitor = await askMonitor(configPath);
  return monitor.get<DutyExplanation>(`${pathOf(id)}/proof`, { epoch });
}

export async function readCohorts(configPath: string, epochs: number, key: string | undefined): Promise<CohortTable> {
  const monitor = await askMonitor(configPath);
  return monitor.get<CohortTable>("cohorts", { epochs, key });
}

export async function readFleet(configPath: string): Promise<FleetPage> {
  const monitor = await askMonitor(configPath);
  return monitor.get<FleetPage>("fleet");
}

export async function readNext(configPath: string): Promise<NextDutiesPage> {
  const monitor = await askMonitor(configPath);
  return monitor.get<NextDutiesPage>("duties/next");
}

function pathOf(id: string): string {
  const parsed = parseValidatorId(id);
  if (!parsed)
    throw new AppError(
      `look up validator ${id.slice(0, 120)}: write an index, or a whole key of 0x and 96 hex digits`,
      {
        code: "bad-validator",
      },
    );
  return `validators/${encodeURIComponent(validatorName(parsed).replace("#", ""))}`;
}
