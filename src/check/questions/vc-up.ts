import { answer, type Answer, type Question } from "../answer.ts";
import { duration } from "../../lib/amounts.ts";
import type { VcEvidence } from "../evidence.ts";

const id = "vc-up";
const filesNearLimit = 0.9;

/** Is the validator client up and running? It is asked for its metrics page, the one thing that all of them have. */
export const vcUp: Question = {
  id,
  title: "validator client",
  ask: ({ validatorClients, now }) =>
    validatorClients.length === 0
      ? [
          answer(
            id,
            { kind: "everything", name: "validator client" },
            "not-asked",
            "not-given",
            "give --vc METRICS_URL",
          ),
        ]
      : validatorClients.map((vc) => judge(vc, now)),
};

function judge({ subject, page }: VcEvidence, now: number): Answer {
  if (page.kind === "failed") {
    const isPage = page.failure === "status" || page.failure === "not-beacon";
    const facts = { failure: page.failure, status: page.status };
    return isPage
      ? answer(id, subject, "unknown", "vc-not-recognised", page.message, facts)
      : answer(id, subject, "bad", "vc-down", page.message, facts);
  }
  const reading = page.value;
  if (!reading) return answer(id, subject, "unknown", "vc-not-recognised");
  const { startedAt, residentBytes, openFiles, maxFiles } = reading.process;
  const uptimeMs = startedAt === undefined ? undefined : Math.max(0, now - startedAt);
  const facts = { client: reading.client, version: reading.version, uptimeMs, residentBytes, openFiles, maxFiles };
  const parts = [
    [reading.client, reading.version].filter((part) => part !== undefined).join(" "),
    uptimeMs === undefined ? undefined : `up ${duration(uptimeMs)}`,
    residentBytes === undefined ? undefined : `${Math.round(residentBytes / 2 ** 20)} MiB`,
  ];
  const detail = parts.filter((part) => part !== undefined).join(", ");
  const isNearLimit =
    openFiles !== undefined && maxFiles !== undefined && maxFiles > 0 && openFiles > maxFiles * filesNearLimit;
  if (isNearLimit) {
    return answer(id, subject, "warning", "vc-restart-files", `${detail}, ${openFiles} of ${maxFiles} files`, facts);
  }
  return answer(id, subject, "good", "vc-up", detail, facts);
}
