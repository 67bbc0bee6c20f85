import { answer, type Answer } from "../answer.ts";
import type { Evidence, HostEvidence } from "../evidence.ts";
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

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Bytes for people, in the units that disks and memory are sold in. */
export function gigabytes(bytes: number): string {
  const gb = bytes / 1e9;
  return gb >= 1000 ? `${(gb / 1000).toFixed(1)} TB` : `${gb >= 10 ? Math.round(gb) : gb.toFixed(1)} GB`;
}
