import { expect, test } from "vitest";
import { blastRadius, type ValidatorLosses } from "./blast-radius.ts";

const hosts = ["h1", "h2", "h3", "h4"];
/** Ten validators on each of four hosts, two of them in each region; 225 duties each. */
function fleet(lostOf: (labels: Record<string, string>, number: number) => number): ValidatorLosses[] {
  return Array.from({ length: 40 }, (_, number) => {
    const host = hosts[Math.floor(number / 10)] ?? "";
    const region = host === "h1" || host === "h2" ? "north" : "south";
    const labels = {
      host,
      region,
      client: number % 2 === 0 ? "teku" : "lodestar",
      customer: `c${number % 5}`,
      all: "yes",
    };
    return { labels, assigned: 225, lost: lostOf(labels, number) };
  });
}

test("all of one host and hardly anything elsewhere: the host, not its region", () => {
  const [first, ...others] = blastRadius(
    fleet(({ host }, number) => (host === "h2" ? 225 : number % 20 === 0 ? 1 : 0)),
  );
  expect(first?.labels).toEqual({ host: "h2" });
  expect(first).toMatchObject({ lost: 2250, assigned: 2250, share: 1 });
  expect(first?.explains).toBeGreaterThan(0.99);
  expect(first?.lift).toBeGreaterThan(1_000);
  for (const { labels } of others) expect(labels).not.toEqual({ host: "h2", region: "north" });
});

test("both hosts of a region: the region", () => {
  const [first] = blastRadius(fleet(({ region }) => (region === "south" ? 200 : 1)));
  expect(first?.labels).toEqual({ region: "south" });
});

test("one client on one host: both labels, where neither alone says as much", () => {
  const [first] = blastRadius(fleet(({ host, client }) => (host === "h3" && client === "teku" ? 225 : 0)));
  expect(first?.labels).toEqual({ host: "h3", client: "teku" });
});

test("losses spread evenly are nobody's, and no losses give nothing", () => {
  expect(blastRadius(fleet(() => 2))).toEqual([]);
  expect(blastRadius(fleet(() => 0))).toEqual([]);
  expect(blastRadius([])).toEqual([]);
});

test("validators without a label, and labels with no duties, do no harm", () => {
  const odd = [
    { labels: {}, assigned: 225, lost: 0 },
    { labels: { host: "h9" }, assigned: 0, lost: 0 },
    { labels: { host: "h8" }, assigned: 10, lost: 10 },
  ];
  expect(blastRadius(odd)[0]).toMatchObject({ labels: { host: "h8" }, share: 1, explains: 1 });
});

test("a hundred thousand validators take less than a second", () => {
  const many = Array.from({ length: 100_000 }, (_, number) => {
    const labels = {
      host: `h${number % 300}`,
      customer: `c${number % 40}`,
      client: `v${number % 5}`,
      key: `k${number}`,
    };
    return { labels, assigned: 225, lost: number % 300 === 7 ? 225 : 0 };
  });
  const before = process.cpuUsage();
  const [first] = blastRadius(many);
  const { user, system } = process.cpuUsage(before);
  expect(first?.labels).toEqual({ host: "h7" });
  expect((user + system) / 1e6).toBeLessThan(2);
});
