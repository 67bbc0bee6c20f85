import { expect, test } from "vitest";
import type { Role } from "../../access/roles.ts";
import { signLink } from "../../respond/links.ts";
import { inbound } from "../../respond/testing/fixtures.ts";
import type { DeskParts } from "./desk-parts.ts";
import { createRespondDesk } from "./respond-desk.ts";
import { memoryMonitor } from "./testing/memory-monitor.ts";

const readers: (Role | undefined)[] = [undefined, "viewer", "responder", "admin"];

async function desk() {
  const monitor = await memoryMonitor();
  const { engine, store, clock, settings, messages } = monitor;
  const people = { now: settings.people };
  const closed: unknown[] = [];
  const parts: Partial<DeskParts> = {
    ...{ engine, store, clock, linkKey: "key", newId: () => "1" },
    settings: () => ({ ...settings, people: people.now }),
    outbox: {
      find: () => Promise.resolve(messages()),
      counts: () => Promise.resolve({}),
      oldestUnfinishedAt: () => Promise.resolve(undefined),
    } as unknown as DeskParts["outbox"],
    losses: () => Promise.resolve([]),
    nodeChanges: () => Promise.resolve([]),
    closeSlashings: (subjects) => Promise.resolve(void closed.push(...subjects)),
  };
  // The rest is not asked for here.
  return { ...monitor, people, closed, ports: createRespondDesk(parts as DeskParts) };
}

test("of an incident that was put under embargo after its pages were written, only responders read a word", async () => {
  const { ports, messages } = await desk();
  const title = "a hole in the signer";
  await ports.declare({ title, page: "primary" }, "eve");
  await ports.update("INC-1", { type: "vulnerability" }, "eve");
  const [first] = messages();
  for (const isOver of [false, true]) {
    if (isOver) await ports.resolve("INC-1", "patched", "eve");
    for (const reader of readers) {
      const seen = JSON.stringify([
        await ports.pages({ limit: 50 }, reader),
        await ports.trace(first?.id ?? "", reader),
        ports.alerts(reader),
      ]);
      expect([reader, isOver, seen.includes(title)]).toEqual([
        reader,
        isOver,
        reader === "responder" || reader === "admin",
      ]);
    }
  }
});

test("alarms of an embargoed incident are shown, but not that they belong to it", async () => {
  const { ports, engine } = await desk();
  await engine.step({ inbound: inbound("bn1 is down", { labels: { node: "bn1" } }) });
  await ports.update("INC-1", { type: "vulnerability" }, "eve");
  const [viewed, responded] = [ports.alerts("viewer"), ports.alerts("responder")];
  expect(viewed.alerts.map(({ summary, incident }) => [summary, incident])).toEqual([["bn1 is down", undefined]]);
  expect(viewed.episodes.map(({ title, labels }) => [title, labels])).toEqual([["Embargoed", {}]]);
  expect(responded.alerts[0]?.incident).toBe("INC-1");
});

test("a link of somebody who left, of another installation, an old one and a cut one acknowledge nothing", async () => {
  const { ports, engine, people, clock } = await desk();
  await engine.step({ inbound: inbound("down") });
  const id = engine.state().episodes[0]?.id ?? "none";
  const link = { target: { kind: "episode", id }, person: "ann", expiresAt: clock.now() + 1_000 } as const;
  const good = signLink("key", link);
  const refused = [
    signLink("other", link),
    good.slice(0, -1),
    "",
    signLink("key", { ...link, expiresAt: clock.now() }),
  ];
  for (const token of refused) await expect(ports.acknowledgeByLink(token, "x")).rejects.toThrow(/link/);
  people.now = people.now.filter(({ name }) => name !== "ann");
  await expect(ports.acknowledgeByLink(good, "x")).rejects.toThrow(/not among the people/);
  expect(engine.state().episodes[0]?.escalation?.kind).toBe("triggered");
  people.now = [{ name: "ann", timeZone: "UTC", contacts: [] }];
  expect(await ports.acknowledgeByLink(good, "x")).toEqual({ done: "ann has it" });
});

test("a link still acknowledges after its alarm's incident was merged", async () => {
  const { ports, engine, clock } = await desk();
  await engine.step({ inbound: inbound("down") });
  await ports.declare({ title: "all of it" }, "eve");
  await ports.merge("INC-1", "INC-2", "eve");
  const id = engine.state().episodes[0]?.id ?? "none";
  const link = { target: { kind: "episode", id }, person: "ann", expiresAt: clock.now() + 1_000 } as const;
  await ports.acknowledgeByLink(signLink("key", link), "x");
  expect(engine.state().incidents).toMatchObject([{ reference: "INC-2", status: "investigating" }]);
});

test("closing one slashing closes the validators that its alarms were about, and no others", async () => {
  const { ports, engine, closed } = await desk();
  const slashed = (customer: string) =>
    inbound("ValidatorSlashed", { labels: { customer, group: customer, class: "security" } }).map((alert) => ({
      ...alert,
      fingerprint: customer,
    }));
  await engine.step({ inbound: slashed("acme") });
  await engine.step({ inbound: slashed("bolt") });
  expect(engine.state().incidents).toHaveLength(2);
  await ports.resolve("INC-1", "a doubled key", "ann");
  expect(closed).toEqual([{ customer: "acme", group: "acme" }]);
});
