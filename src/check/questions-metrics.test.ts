import { describe, expect, test } from "vitest";
import { matchLog } from "../signals/match-log.ts";
import { logSignatures } from "../signals/log-signatures.ts";
import type { CpuUse, HostReading } from "../signals/read-host.ts";
import { answersTo, fakeEvidence, fakeVc, known, nowMs } from "./fake-evidence.ts";
import { failed } from "./facts.ts";
import { makeReport } from "./report.ts";

describe("keys", () => {
  test.each<[string, number[], number | undefined, string]>([
    ["as many as expected, over all clients", [10, 5], 15, "good keys-as-expected"],
    ["too few", [10], 11, "bad keys-too-few"],
    ["too many: a key may be loaded twice", [10, 10], 10, "bad keys-too-many"],
    ["none expected, none there", [0], 0, "good keys-as-expected"],
  ])("%s", (_, counts, expectKeys, expected) => {
    const validatorClients = counts.map((keys, at) => fakeVc(`vc${at}`, { keys }));
    expect(answersTo("vc-keys", fakeEvidence({ validatorClients, expectKeys }))["all validator clients"]).toBe(
      expected,
    );
  });
  test("without an expectation the count is shown and not green", () => {
    expect(answersTo("vc-keys", fakeEvidence({ validatorClients: [fakeVc("vc")] }))).toEqual({
      vc: "not-asked keys-counted",
    });
  });
  test("a client without a key is bad", () => {
    expect(answersTo("vc-keys", fakeEvidence({ validatorClients: [fakeVc("vc", { keys: 0 })] }))["vc"]).toBe(
      "bad keys-none",
    );
  });
  test("a client that did not answer leaves the total unknown", () => {
    const silent = { ...fakeVc("vc2"), page: failed("refused", "connection refused") };
    const answers = answersTo("vc-keys", fakeEvidence({ validatorClients: [fakeVc("vc1"), silent], expectKeys: 20 }));
    expect(answers["all validator clients"]).toBe("unknown keys-unknown");
  });
  test("keys that are not active are a warning, slashed ones are bad", () => {
    const evidence = fakeEvidence({ validatorClients: [fakeVc("vc", { activeKeys: 9, slashedKeys: 1 })] });
    expect(answersTo("vc-keys", evidence)["vc"]).toBe("warning keys-inactive");
    expect(answersTo("vc-slashed", evidence)["vc"]).toBe("bad keys-slashed");
  });
});

describe("validator client", () => {
  test.each<[ReturnType<typeof failed>, string]>([
    [failed("refused", "connection refused"), "bad vc-down"],
    [failed("timeout", "slow"), "bad vc-down"],
    [failed("status", "HTTP 404", 404), "unknown vc-not-recognised"],
    [failed("not-beacon", "HTML"), "unknown vc-not-recognised"],
  ])("%j is %s", (page, expected) => {
    expect(answersTo("vc-up", fakeEvidence({ validatorClients: [{ ...fakeVc("vc"), page }] }))["vc"]).toBe(expected);
  });
  test("nobody named one: not asked, and the exit status stays 0", () => {
    expect(answersTo("vc-up", fakeEvidence())).toEqual({ "validator client": "not-asked not-given" });
    expect(makeReport(fakeEvidence(), 0, []).exitStatus).toBe(0);
  });
  test("that sees none of its beacon nodes is bad, some a warning", () => {
    const seen = (usableNodes: number) =>
      answersTo("vc-nodes", fakeEvidence({ validatorClients: [fakeVc("vc", { usableNodes, configuredNodes: 2 })] }))[
        "vc"
      ];
    expect([seen(0), seen(1), seen(2)]).toEqual(["bad vc-nodes-none", "warning vc-nodes-some", "good vc-nodes-good"]);
  });
});

const host: HostReading = {
  ...{ cores: 8, load1: 1, cpuSeconds: { idle: 1 }, memoryTotalBytes: 64e9, memoryAvailableBytes: 32e9 },
  filesystems: [
    {
      mountpoint: "/",
      device: "sda",
      type: "ext4",
      sizeBytes: 4e12,
      availableBytes: 2e12,
      isReadOnly: false,
      freeInodes: 0.9,
    },
  ],
  ...{ timeAt: nowMs, bootedAt: nowMs - 1e9, clockOffsetSeconds: 0.001, isClockSynced: true },
};
const idle: CpuUse = { busy: 0.1, ioWait: 0, steal: 0 };
const disk = (availableBytes: number, sizeBytes = 4e12) => ({
  filesystems: host.filesystems.map((one) => ({ ...one, availableBytes, sizeBytes })),
});

describe("host", () => {
  test.each<[string, Partial<HostReading>, CpuUse | undefined, string]>([
    ["host-cpu", {}, idle, "good cpu-good"],
    ["host-cpu", { load1: 9 }, { busy: 0.95, ioWait: 0, steal: 0 }, "warning cpu-busy"],
    ["host-cpu", { load1: 20 }, { busy: 0.99, ioWait: 0, steal: 0 }, "bad cpu-overloaded"],
    ["host-cpu", { load1: 20 }, idle, "good cpu-good"],
    ["host-cpu", {}, { busy: 0.2, ioWait: 0.5, steal: 0 }, "warning cpu-waits-for-disk"],
    ["host-cpu", {}, { busy: 0.5, ioWait: 0, steal: 0.3 }, "warning cpu-stolen"],
    ["host-cpu", { load1: undefined }, undefined, "unknown host-unread"],
    ["host-memory", { memoryAvailableBytes: 5e9 }, idle, "warning memory-low"],
    ["host-memory", { memoryAvailableBytes: 1e9 }, idle, "bad memory-out"],
    ["host-memory", { memoryAvailableBytes: undefined }, idle, "unknown host-unread"],
    ["host-disk", {}, idle, "good disk-good"],
    ["host-disk", disk(150e9), idle, "warning disk-low"],
    ["host-disk", disk(40e9), idle, "bad disk-full"],
    ["host-disk", disk(10e9, 40e9), idle, "good disk-good"],
    ["host-disk", disk(1e9, 40e9), idle, "bad disk-full"],
    ["host-disk", { filesystems: [] }, idle, "unknown host-unread"],
    ["host-clock", { timeAt: nowMs - 3_600_000 }, idle, "bad host-clock-off"],
    ["host-clock", { clockOffsetSeconds: 0.5 }, idle, "warning host-clock-off"],
  ])("%s: %j %j is %s", (id, changes, cpu, expected) => {
    const hosts = [{ subject: { kind: "host", name: "h" } as const, page: known({ ...host, ...changes }), cpu }];
    expect(answersTo(id, fakeEvidence({ hosts }))["h"]).toBe(expected);
  });
  test("that does not answer is unknown, never green", () => {
    const hosts = [
      { subject: { kind: "host", name: "h" } as const, page: failed("refused", "connection refused"), cpu: undefined },
    ];
    expect(answersTo("host-disk", fakeEvidence({ hosts }))).toEqual({ h: "unknown host-silent" });
  });
});

describe("log", () => {
  const log = (lines: string[], writtenAt = nowMs) => ({
    subject: { kind: "log", name: "l" } as const,
    page: known({ reading: matchLog(lines, logSignatures, 2026), writtenAt, isWhole: true }),
  });
  test.each<[string, ReturnType<typeof log>, string]>([
    ["clean", log(["2026-01-01 10:00:00 INFO Synced"]), "good log-clean"],
    ["doppelganger", log(["Jan 01 10:00:00.000 CRIT Doppelganger(s) detected"]), "bad log-known-error"],
    ["low peers", log(["Jan 01 10:00:00.000 WARN Low peer count  peers: 1"]), "warning log-known-error"],
    [
      "old trouble",
      log(["2026-01-01 08:00:00 WARN Low peer count", "2026-01-01 10:00:00 INFO Synced"]),
      "good log-clean",
    ],
    [
      "many others",
      log(Array.from({ length: 12 }, () => "2026-01-01 10:00:00 ERROR odd")),
      "warning log-unexplained-errors",
    ],
    ["not written to", log(["2026-01-01 10:00:00 INFO Synced"], nowMs - 7_200_000), "warning log-old"],
    ["empty", log([]), "unknown log-empty"],
    ["no log", log(["nodes:", "  - name: bn1"]), "unknown log-unrecognised"],
    [
      "duplicates, behind a gateway that publishes to every node",
      log(
        Array.from(
          { length: 50 },
          () => "Nov-20 14:28:34.874[rest]  error: Req req-1 publishContributionAndProofs error PublishError.Duplicate",
        ),
      ),
      "good log-clean",
    ],
  ])("%s", (_, one, expected) => {
    expect(answersTo("logs", fakeEvidence({ logs: [one] }))["l"]).toBe(expected);
  });
  test("one line that two clients write in the same words is told once", () => {
    const { answers } = makeReport(
      fakeEvidence({ logs: [log(["Nov-20 14:24:52.413[] warn: Low peer count peers=0"])] }),
      0,
      [],
    );
    expect(answers.filter(({ reason }) => reason === "log-known-error")).toHaveLength(1);
  });
});
