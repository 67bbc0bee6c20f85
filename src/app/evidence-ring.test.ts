import { expect, test } from "vitest";
import type { EvidenceRecord } from "../control/types.ts";
import { createEvidenceRing } from "./evidence-ring.ts";

function publish(requestId: string, signers: number): EvidenceRecord {
  const votes = [{ slot: 1, signers: Array.from({ length: signers }, (_, index) => index) }];
  return {
    ...{ at: 0, slot: 1, group: "main", client: "vc", requestId, method: "POST", route: "/x", policy: "broadcast" },
    ...{ status: 200, durationMs: 1, node: "bn1", headRoot: undefined, answers: [] },
    ...(signers > 0 && { published: { kind: "attestation" as const, votes, unlisted: 0 } }),
  };
}

const listed = (record: EvidenceRecord | undefined) => record?.published?.votes[0]?.signers.length ?? 0;

test("beyond its bound of names the oldest records lose their lists, and say how many there were", () => {
  const ring = createEvidenceRing(10, 100);
  for (const id of ["a", "b", "c"]) ring.push(publish(id, 40));
  const [a, b, c] = ring.readAfter(0).items.map(({ item }) => item);
  expect([listed(a), listed(b), listed(c)]).toEqual([0, 40, 40]);
  expect(a?.published?.unlisted).toBe(40);
});

test("a single record larger than the bound keeps its list: somebody may read it before the next comes", () => {
  const ring = createEvidenceRing(10, 100);
  ring.push(publish("a", 500));
  expect(listed(ring.readAfter(0).items[0]?.item)).toBe(500);
});

test("records that fell out of the ring do not count any more", () => {
  const ring = createEvidenceRing(3, 100);
  for (let round = 0; round < 5_000; round++) ring.push(publish("x", round % 2 === 0 ? 40 : 0));
  expect(ring.readAfter(0).items.map(({ item }) => listed(item))).toEqual([0, 40, 0]);
  expect(ring.readAfter(0).gap).toEqual({ fromSeq: 1, toSeq: 4_997 });
});
