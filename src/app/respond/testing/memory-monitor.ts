import { createFakeClock } from "../../../lib/fake-clock.ts";
import type { OutboxMessage } from "../../../outbox/types.ts";
import { createRun, startAt } from "../../../respond/testing/fixtures.ts";
import type { RespondCommit, RespondRow, RespondStore } from "../../../respond/types.ts";
import { createRespondEngine } from "../respond-engine.ts";

/** Keeps rows in memory; `failing`: "before" loses the step, "after" keeps it and loses the answer. */
export function rowStore() {
  const rows = new Map<string, RespondRow>();
  const commits: RespondCommit[] = [];
  const mode: { failing: "before" | "after" | undefined } = { failing: undefined };
  const store: Pick<RespondStore, "load" | "commit" | "row" | "rows"> = {
    load: () => Promise.resolve([...rows.values()].filter(({ isOpen }) => isOpen)),
    row: (kind, key) => Promise.resolve(rows.get(`${kind} ${key}`)),
    rows: (kind, { isOpen }) =>
      Promise.resolve([...rows.values()].filter((row) => row.kind === kind && row.isOpen === (isOpen ?? row.isOpen))),
    commit(changes) {
      if (mode.failing === "before") return Promise.reject(new Error("the store is away"));
      for (const { kind, key } of changes.remove) rows.delete(`${kind} ${key}`);
      for (const row of changes.put) rows.set(`${row.kind} ${row.key}`, row);
      commits.push(changes);
      return mode.failing === "after" ? Promise.reject(new Error("the answer was lost")) : Promise.resolve();
    },
  };
  const messages = () =>
    commits
      .flatMap((commit) => commit.messages)
      .map((each, i) => ({ ...each, id: `m${i}`, createdAt: startAt }) as OutboxMessage);
  return { rows, commits, mode, messages, store: store as RespondStore };
}

/** An engine with the settings of the fixtures, over rows in memory. */
export async function memoryMonitor() {
  const clock = createFakeClock(startAt);
  const kept = rowStore();
  const { settings } = createRun();
  const engine = await createRespondEngine({
    ...{ store: kept.store, outbox: { now: () => Promise.resolve(clock.now()) }, clock, onCommitted: () => undefined },
    context: () => ({ settings, gateways: [], listeningSince: startAt, linkTo: () => "https://slotkeeper.example/a" }),
  });
  return { ...kept, clock, engine, settings };
}
