import type { AuditRecord } from "../../access/audit.ts";
import type { AssessmentInput } from "../../incidents/assessment/input.ts";

/** What was done to nodes, groups and by drills, each once: not what was refused, and nothing that only tells people. */
export function recentActions(records: readonly AuditRecord[]): AssessmentInput["actions"] {
  const asked = /^(.*) \(asked in record (\d+)\)$/s;
  const ended = new Set(records.flatMap(({ result }) => asked.exec(result)?.[2] ?? []));
  return records
    .filter(({ id, action }) => /^(node|group|drill|fault)\./.test(action) && !ended.has(String(id)))
    .map((record) => ({ ...record, result: asked.exec(record.result)?.[1] ?? record.result }))
    .filter(({ result }) => !result.startsWith("failed"))
    .map(({ at, actor, action, target, result }) => ({
      ...{ at, actor, action, target },
      result: result.startsWith("done") ? "done" : result,
    }));
}
