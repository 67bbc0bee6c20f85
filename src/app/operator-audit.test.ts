import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyAudit, type AuditRecord } from "../access/audit.ts";
import { openOperatorAudit } from "./operator-audit.ts";

let folder: string;
const path = () => join(folder, "deep", "gateway.audit.jsonl");
const event = (target: string) => ({ at: 1, actor: "alice", action: "node.cordon", target, result: "asked" });

function records(): AuditRecord[] {
  return readFileSync(path(), "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as AuditRecord];
      } catch {
        return [];
      }
    });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-audit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("records are one chain, over restarts too, in a file for its owner alone", () => {
  for (const name of ["a", "b", "c"]) openOperatorAudit(path()).append(event(name));
  expect(records().map(({ id, target }) => [id, target])).toEqual([
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
  expect(verifyAudit(records())).toEqual({ isWhole: true, count: 3 });
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test("half a record of a crash is told, and the chain goes on after the last whole one", () => {
  openOperatorAudit(path()).append(event("a"));
  appendFileSync(path(), '{"id":2,"targ');
  const audit = openOperatorAudit(path());
  expect(audit.warning).toMatch(/no whole records/);
  audit.append(event("b"));
  expect(verifyAudit(records())).toEqual({ isWhole: true, count: 2 });
});

test("what cannot be recorded is an error", () => {
  const blocked = join(folder, "file");
  writeFileSync(blocked, "");
  const audit = openOperatorAudit(join(blocked, "audit"));
  expect(() => audit.append(event("a"))).toThrow(/nothing was changed/);
});

test("what was asked for and has no outcome is found at the next opening", () => {
  const audit = openOperatorAudit(path());
  for (const target of ["a", "b"]) audit.append(event(target));
  audit.append({ ...event("a"), result: "failed: no such node (asked in record 1)" });
  expect(openOperatorAudit(path()).unfinished.map(({ id, target }) => [id, target])).toEqual([[2, "b"]]);
});

test("after another process wrote, the chain goes on where that one ended", () => {
  const first = openOperatorAudit(path());
  const second = openOperatorAudit(path());
  first.append(event("a"));
  second.reload();
  second.append(event("b"));
  expect(verifyAudit(records())).toEqual({ isWhole: true, count: 2 });
});
