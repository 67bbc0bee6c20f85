import fc from "fast-check";
import { expect, test } from "vitest";
import { auditHash, firstPreviousHash, verifyAudit, type AuditRecord } from "./audit.ts";

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let id = 1; id <= length; id++) {
    const event = { at: id, actor: "alice", action: "node.cordon", target: `bn${id}`, result: "done" };
    const previousHash = records.at(-1)?.hash ?? firstPreviousHash;
    records.push({ id, ...event, previousHash, hash: auditHash(previousHash, id, event) });
  }
  return records;
}

test("a chain as written is whole, and so is an empty one", () => {
  expect(verifyAudit(chain(5))).toEqual({ isWhole: true, count: 5 });
  expect(verifyAudit([])).toEqual({ isWhole: true, count: 0 });
});

test("any field of any record that is changed breaks the chain there", () => {
  const field = fc.constantFrom("actor", "action", "target", "result", "hash", "previousHash");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), field, (index, name) => {
      const records = chain(5);
      records[index] = { ...records[index], [name]: "forged" } as AuditRecord;
      expect(verifyAudit(records)).toMatchObject({ isWhole: false, brokenAtId: index + 1 });
    }),
  );
});

test("a record that is taken out is missed, also when it is the first", () => {
  expect(verifyAudit(chain(5).toSpliced(2, 1))).toMatchObject({ isWhole: false, brokenAtId: 4 });
  expect(verifyAudit(chain(5).slice(1))).toMatchObject({ isWhole: false, brokenAtId: 2 });
});
