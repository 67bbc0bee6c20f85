import { expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { keepLeadership } from "./keep-leadership.ts";

const leaseMs = 12_000;

/** A leader whose next answers are set by the test. */
function scripted(isLeading: boolean) {
  const clock = createFakeClock();
  const seen: string[] = [];
  const database = { leads: isLeading, isReachable: true };
  const answer = (asked: string) => {
    seen.push(asked);
    if (!database.isReachable) return Promise.reject(new Error("unreachable"));
    return Promise.resolve(database.leads);
  };
  const kept = keepLeadership({
    ...{ clock, leaseMs, isLeading },
    leader: {
      acquire: async () => ((await answer("acquire")) ? 2 : undefined),
      renew: () => answer("renew"),
      release: async () => void (await answer("release")),
    },
    onGained: () => seen.push("gained"),
    onLost: () => seen.push("lost"),
    onError: () => seen.push("error"),
  });
  const after = async (ms: number) => {
    seen.splice(0);
    await clock.advance(ms);
    return seen;
  };
  return { database, after, kept };
}

test("a monitor that stands by tries four times a lease, and is told once that it leads", async () => {
  const { database, after, kept } = scripted(false);
  expect(await after(leaseMs)).toEqual(["acquire", "acquire", "acquire", "acquire"]);
  database.leads = true;
  expect(await after(leaseMs / 2)).toEqual(["acquire", "gained", "renew"]);
  await kept.stop();
});

test("a leader that is told of another stops at once, and tries again", async () => {
  const { database, after, kept } = scripted(true);
  database.leads = false;
  expect(await after(leaseMs / 2)).toEqual(["renew", "lost", "acquire"]);
  await kept.stop();
});

test("a leader that cannot reach the database goes on for a lease, not longer", async () => {
  const { database, after, kept } = scripted(true);
  await after(leaseMs / 4);
  database.isReachable = false;
  expect(await after(leaseMs - 1)).not.toContain("lost");
  expect(await after(1)).toContain("lost");
  database.isReachable = true;
  expect(await after(leaseMs / 4)).toEqual(["acquire", "gained"]);
  await kept.stop();
});

test("who stops lets go", async () => {
  const { after, kept } = scripted(true);
  await after(1);
  await kept.stop();
  expect(await after(leaseMs)).toEqual([]);
});
