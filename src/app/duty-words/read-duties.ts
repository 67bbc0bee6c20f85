import type {
  CausesPage,
  DutiesNow,
  EpochDetail,
  EpochsPage,
  ExceptionsPage,
  NextDutiesPage,
} from "../../api/contract-duties.ts";
import type { DutyException } from "../../duties/types.ts";
import { askMonitor } from "../ask-monitor.ts";
import type { DutiesReport, EpochReport } from "./duties-text.ts";

/** What the running monitor has judged: the last `count` epochs. Throws AppError as `askMonitor`. */
export async function readDuties(configPath: string, count: number): Promise<DutiesReport> {
  const monitor = await askMonitor(configPath);
  const now = await monitor.get<DutiesNow>("duties");
  const newest = now.currentEpoch ?? 0;
  const from = Math.max(0, newest - count - 2);
  const [page, next] = await Promise.all([
    monitor.get<EpochsPage>("duties/epochs", { from }),
    monitor.get<NextDutiesPage>("duties/next"),
  ]);
  const epochs = page.epochs.slice(-count);
  const causes = await monitor.get<CausesPage>("duties/causes", { from: epochs[0]?.epoch ?? from });
  return { now, epochs, gaps: page.gaps, causes, next };
}

/** The API's own bound of one page. */
const pageLimit = 500;

/** One stored epoch and its lost duties, `limit` of them. Throws AppError as `askMonitor`. */
export async function readEpoch(configPath: string, epoch: number, limit: number): Promise<EpochReport> {
  const monitor = await askMonitor(configPath);
  const detail = await monitor.get<EpochDetail>(`duties/epochs/${epoch}`);
  const lost: DutyException[] = [];
  let before: string | undefined;
  do {
    const query = { from: epoch, to: epoch, limit: Math.min(pageLimit, limit - lost.length), before };
    const page = await monitor.get<ExceptionsPage>("duties/exceptions", query);
    lost.push(...page.items);
    before = page.nextBefore;
  } while (before !== undefined && lost.length < limit);
  return { epoch: detail, lost, hasMore: before !== undefined };
}
