import { expect, test } from "vitest";
import { auditExitStatus } from "../duty-audit/audit-report.ts";
import { auditText } from "./audit-text.ts";
import { audit, missProof, totalsOf } from "./fixtures.ts";
import type { LostDutyRow } from "./lost-table.ts";

const lost: LostDutyRow = {
  ...{ epoch: 8, slot: 65, validatorIndex: 5, kind: "attestation", outcome: "missed", detail: 0, lost: undefined },
  cause: { code: "unknown", confidence: "possible", evidence: [] },
  seat: { committee: 1, position: 2 },
};

test("everything perfect: one sentence, ours beside everybody", () => {
  const text = auditText(audit);
  expect(text.split("\n")[0]).toBe("Epoch 8: every duty of those named was done perfectly.");
  expect(text).toMatch(/named +8 +8 +100\.00 %/);
  expect(text).toMatch(/everybody +64 +64 +98\.43 %|everybody +64 +64 +98\.44 %/);
  expect(text).toContain("asked: 41 requests, 261.5 kB");
  expect(auditExitStatus(audit)).toBe(0);
});

test("a loss is listed with its seat; gwei that nobody told are unknown, not 0", () => {
  const report = { ...audit, ours: totalsOf(8, 1), lost: 3, duties: [lost], cut: 2, proofs: [missProof] };
  const text = auditText(report);
  expect(text).toMatch(/^Epoch 8: 3 duties of those named were lost or not perfect\./);
  expect(text).toMatch(/\n5 +65 +1 +2 +attestation +missed +- +unknown +unknown \(possible\)\n… and 2 more/);
  expect(text).toContain("proof: validator 5, epoch 8 (final)");
  expect(auditExitStatus(report)).toBe(1);
});

test("a running epoch is never called done", () => {
  expect(auditText({ ...audit, state: "live" })).toMatch(/perfectly so far\.\n[\s\S]*live: it still runs/);
});

test("nobody with a duty is not the same as everything perfect", () => {
  const idle = [{ validator: 9, status: "pending_queued" }];
  const text = auditText({ ...audit, ours: totalsOf(0, 0), idle });
  expect(text).toMatch(/^Epoch 8: no duty of those named was due\./);
  expect(text).toContain("without an attestation in this epoch: 9 (pending_queued)");
});

test("validators that the chain does not know are shouted, and are no success", () => {
  const report = { ...audit, unknown: Array.from({ length: 30 }, (_, i) => String(4_000 + i)) };
  expect(auditText(report)).toMatch(/NOT KNOWN to the chain: 4000, .* and 10 more\n/);
  expect(auditExitStatus(report)).toBe(1);
});

test("gwei that were not asked for are not blamed on the node", () => {
  expect(auditText({ ...audit, rewards: "none", isGweiLeftOut: true })).toContain("gwei: not asked for");
});

test("caveats are told in words; a code of a newer version stays as it is", () => {
  expect(auditText({ ...audit, caveats: ["no-rewards", "from-the-future"] })).toMatch(
    /note: no rewards\. No beacon node tells[\s\S]*note: from-the-future/,
  );
});
