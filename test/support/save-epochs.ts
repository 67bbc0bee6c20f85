import { columnCodec } from "../../src/duties/columns/column-codec.ts";
import { Secret } from "../../src/fleet/secret.ts";
import { someEpoch } from "../../src/store/duty-fixture.ts";
import { openPostgresStore } from "../../src/store/postgres/open-postgres-store.ts";
import { openSqliteStore, type Store } from "../../src/store/store.ts";

/**
 * Child of `duty-store-kill.test.ts`: saves one epoch after the other, each live, provisional and final as a follower does, from where the
 * cursor stands, and tells its parent after each save that was acknowledged. It ends by being killed.
 */
const [place = ""] = process.argv.slice(2);
const store = place.startsWith("postgres:") ? await lead(place) : await openSqliteStore(place, () => "", columnCodec);
const cursor = (await store.duties.cursor()) ?? { provisionalEpoch: -1, finalEpoch: -1 };
const last = (await store.duties.lastEpoch("live")) ?? -1;
process.send?.({ opened: true });
for (let epoch = Math.max(0, last); ; epoch++) {
  await store.duties.saveEpoch(someEpoch(epoch, "live", 2, 400), cursor);
  process.send?.({ epoch, state: "live" });
  for (const [state, at] of [
    ["provisional", epoch - 1],
    ["final", epoch - 3],
  ] as const) {
    if (at < 0) continue;
    if (state === "provisional") cursor.provisionalEpoch = Math.max(cursor.provisionalEpoch, at);
    else cursor.finalEpoch = Math.max(cursor.finalEpoch, at);
    await store.duties.saveEpoch(someEpoch(at, state, state === "final" ? 0 : 1, 400), cursor);
    process.send?.({ epoch: at, state });
  }
}

/** The lease of the child before, which was killed, runs out first. */
async function lead(url: string): Promise<Store> {
  const options = { holder: `child ${process.pid}`, leaseMs: 1_000 };
  const opened = await openPostgresStore(new Secret(url, "the test"), () => "", columnCodec, options);
  while ((await opened.leader.acquire()) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  setInterval(() => void opened.leader.renew(), 250);
  return opened;
}
