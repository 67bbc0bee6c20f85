import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { columnCodec } from "../src/duties/columns/column-codec.ts";
import type { EpochState } from "../src/duties/types.ts";
import { someEpoch } from "../src/store/duty-fixture.ts";
import { openSqliteStore } from "../src/store/store.ts";
import { openOn, postgresForSuite } from "./support/postgres-store.ts";

const kills = 8;
const states: readonly EpochState[] = ["live", "provisional", "final"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-kill-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const postgresUrl = postgresForSuite();
const places = [
  { name: "SQLite", at: () => join(folder, "slotkeeper.db") },
  ...(postgresUrl ? [{ name: "PostgreSQL", at: postgresUrl }] : []),
];

test.each(places)(
  "$name: killed at any moment, what was acknowledged is there, and nothing is there twice or in part",
  async ({ at }) => {
    const acknowledged = new Map<number, EpochState>();
    for (let kill = 0; kill < kills; kill++) {
      await saveUntilKilled(at(), acknowledged, 2 + kill * 3);
      await inspect(at(), acknowledged);
    }
    expect(Math.max(...acknowledged.keys())).toBeGreaterThan(kills);
  },
  120_000,
);

/** Kills the child somewhere in the save after `saves` acknowledged ones: at once, or after some turns of this process's event loop. */
async function saveUntilKilled(place: string, acknowledged: Map<number, EpochState>, saves: number): Promise<void> {
  const child = fork(join(import.meta.dirname, "support/save-epochs.ts"), [place], { stdio: "inherit" });
  const exited = once(child, "exit");
  let seen = 0;
  child.on("message", (message: { epoch?: number; state: EpochState }) => {
    if (message.epoch === undefined) return;
    const known = acknowledged.get(message.epoch);
    if (!known || states.indexOf(message.state) > states.indexOf(known)) acknowledged.set(message.epoch, message.state);
    if (++seen === saves) killAfter(Math.floor(Math.random() * 200));
  });
  const killAfter = (turns: number): void => {
    if (turns === 0) child.kill("SIGKILL");
    else setImmediate(() => killAfter(turns - 1));
  };
  const [code, signal] = (await exited) as [number | null, string | null];
  expect([code, signal]).toEqual([null, "SIGKILL"]);
}

/** Every stored epoch is whole and as its state says; the one that was being saved may be in the next state already. */
async function inspect(place: string, acknowledged: ReadonlyMap<number, EpochState>): Promise<void> {
  const store = place.startsWith("postgres:")
    ? await openOn(place, { holder: "inspector" }, columnCodec)
    : await openSqliteStore(place, () => "", columnCodec);
  try {
    const stored = await store.duties.epochs(0, 10_000);
    for (const { epoch, state } of stored) {
      const variant = 2 - states.indexOf(state);
      expect(await store.duties.result(epoch)).toEqual(someEpoch(epoch, state, variant, 400));
      const known = acknowledged.get(epoch);
      if (known) expect(states.indexOf(state)).toBeGreaterThanOrEqual(states.indexOf(known));
    }
    for (const epoch of acknowledged.keys()) expect(stored.map((one) => one.epoch)).toContain(epoch);
    const unannounced = stored.filter(({ epoch, state }) => acknowledged.get(epoch) !== state);
    expect(unannounced.length).toBeLessThanOrEqual(1);

    const cursor = await store.duties.cursor();
    const newest = (state: EpochState) => store.duties.lastEpoch(state);
    expect(await newest("final")).toBe(cursor && cursor.finalEpoch >= 0 ? cursor.finalEpoch : undefined);
    expect(await newest("provisional")).toBe(
      cursor && cursor.provisionalEpoch >= 0 ? cursor.provisionalEpoch : undefined,
    );

    // Nothing that no stored epoch has.
    const expected = stored.flatMap(
      ({ epoch, state }) => someEpoch(epoch, state, 2 - states.indexOf(state), 400).exceptions,
    );
    expect((await store.duties.exceptions({ limit: 100_000 })).items).toHaveLength(expected.length);
    expect(await store.duties.cohorts(0, 10_000)).toHaveLength(stored.length * 4);
    const rows = await store.db.selectFrom("dutyColumns").select("epoch").execute();
    expect(rows).toHaveLength(stored.length);
  } finally {
    await store.close();
  }
}
