import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnCodec } from "../src/duties/columns/column-codec.ts";
import type { EpochResult, EpochState } from "../src/duties/types.ts";
import { openSqliteStore } from "../src/store/store.ts";
import { median, round } from "./lib/statistics.ts";
import { busyFleet } from "./storage/busy-fleet.ts";

/** 225 epochs of 32 slots of 12 s. */
const epochsPerDay = 225;

/** How many epochs after its own an epoch is saved in each state. */
const savedAfter: readonly [EpochState, number][] = [
  ["live", 0],
  ["provisional", 1],
  ["final", 3],
];

/**
 * A day of 100,000 validators into a real SQLite file, each epoch saved live, provisional and final in the order in which they happen.
 * The size is the file's, after its log was written back; what the schema alone takes is taken off.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const validators = 100_000;
  const epochs = isQuick ? 36 : epochsPerDay;
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-storage-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "slotkeeper.db");
  const open = () => openSqliteStore(path, () => "", columnCodec);
  await (await open()).close();
  const emptyBytes = statSync(path).size;

  const store = await open();
  const fleet = busyFleet(validators);
  const results: EpochResult[] = [];
  const cpuMs: Record<EpochState, number[]> = { live: [], provisional: [], final: [] };
  const exceptions = { all: 0, missed: 0 };
  for (let n = 0; n < epochs + 3; n++) {
    if (n < epochs) {
      const result = fleet.next();
      results[n] = result;
      exceptions.all += result.exceptions.length;
      exceptions.missed += result.exceptions.filter(({ outcome }) => outcome === "missed").length;
    }
    for (const [state, after] of savedAfter) {
      const result = results[n - after];
      if (!result) continue;
      const known = fleet.inState(result, state);
      const ms = await cpuOf(() =>
        store.duties.saveEpoch(known, { provisionalEpoch: result.epoch, finalEpoch: result.epoch }),
      );
      cpuMs[state].push(ms);
      if (state === "final") delete results[n - after];
    }
    if (n % 25 === 24) console.log(`${n + 1} epochs, ${round(statSync(path).size / 1e6, 1)} MB`);
  }
  const tables = await sizes(store.db);
  const newest = (await store.duties.lastEpoch("final")) ?? 0;
  const readMs = await cpuOf(async () => {
    for await (const { columns } of store.duties.columns(newest - 24, newest))
      if (columns.indices.length !== validators) throw new Error("an epoch came back incomplete");
  });
  await store.close();
  const bytes = statSync(path).size - emptyBytes;
  console.log("MB by kind, before they share pages:", tables);
  return {
    ...{ validators, megabytesPerDay: round((bytes / 1e6 / epochs) * epochsPerDay, 1), epochs },
    exceptionsPerEpoch: Math.round(exceptions.all / epochs),
    missShare: round(exceptions.missed / epochs / validators, 4),
    cpuMsPerSave: Object.fromEntries(Object.entries(cpuMs).map(([state, all]) => [state, round(median(all), 1)])),
    cpuMsPerRead: round(readMs / 25, 1),
  };
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function sizes(db: Awaited<ReturnType<typeof openSqliteStore>>["db"]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of ["dutyColumns", "dutyBases", "dutySets", "dutyFindings", "dutySlots"] as const) {
    const sum = db.selectFrom(table).select(({ fn }) => fn.sum<number>(fn("length", ["bytes"])).as("bytes"));
    found[table] = round(Number((await sum.executeTakeFirstOrThrow()).bytes) / 1e6, 2);
  }
  for (const table of ["dutyExceptions", "dutyCohortEpochs", "dutySync"] as const) {
    const rows = db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as("rows"));
    found[`${table} (rows)`] = Number((await rows.executeTakeFirstOrThrow()).rows);
  }
  return found;
}
