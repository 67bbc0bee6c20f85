import { answer, type Answer } from "../answer.ts";
import type { Evidence, HostEvidence, Subject } from "../evidence.ts";
import type { HostFinding } from "../../signals/judge-host.ts";
import type { HostReading } from "../../signals/read-host.ts";

/** Asks one question of every host, with the answers that all host questions share where there is no reading. */
export function askHosts(
  id: string,
  { hosts }: Evidence,
  judge: (reading: HostReading, host: HostEvidence) => readonly Answer[],
): readonly Answer[] {
  if (hosts.length === 0) {
    return [answer(id, { kind: "everything", name: "host" }, "not-asked", "not-given", "give --host METRICS_URL")];
  }
  return hosts.flatMap((host) => {
    const { subject, page } = host;
    if (page.kind === "failed") {
      const isPage = page.failure === "status" || page.failure === "not-beacon";
      const facts = { failure: page.failure, status: page.status };
      return [answer(id, subject, "unknown", isPage ? "host-unread" : "host-silent", page.message, facts)];
    }
    return page.value ? judge(page.value, host) : [answer(id, subject, "unknown", "host-unread")];
  });
}

/** What was found about a machine, as an answer of this question. */
export function hostAnswer(id: string, subject: Subject, { verdict, reason, detail, facts }: HostFinding): Answer {
  return answer(id, subject, verdict, reason, detail, facts);
}
