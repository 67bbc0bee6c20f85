import { describe, expect, it } from "vitest";
import { hostsPage } from "../../../test/browser/fake-api/hosts.ts";
import { hostFacts } from "./host-words.ts";

const reasonOf = (code: string) => ({ short: code, long: `about ${code}` });
const now = 1_800_000_000_000;

describe("machines in words", () => {
  const facts = hostFacts(hostsPage(now), reasonOf);

  it("puts the worst first and unknown before good, each with its figures", () => {
    expect(facts.map(({ name, tone, words }) => `${name} ${tone}: ${words}`)).toEqual([
      "host-02 bad: hetzner fsn1, disk-fills-soon, processor 21 % busy, memory 59 % free, /data 1 % free",
      "host-03 unknown: hetzner fsn1, page-silent",
      "host-01 fine: hetzner fsn1, processor 21 % busy, memory 59 % free, /data 45 % free",
    ]);
  });

  it("explains findings, says when disks are full and on what that rests, and what each process does", () => {
    expect(facts[2]?.lines).toEqual([
      "cpu-good: 21 % busy, load 3.20 on 16 cores",
      "Disk /data: 900 GB of 2,000 GB free; full in 75 days; without finality in 14 days (assumed, never measured here)",
      "lighthouse at http://host-01:5054/metrics, runs for 9 d 0 h, 1.40 cores, 4,200 MB, 812 open files, 92 peers, 500 keys",
    ]);
    expect(facts[0]?.lines[0]).toMatch(/full in 1.5 days.*hours. about disk-fills-soon$/);
  });
});
