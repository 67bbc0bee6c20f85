import type { HostsPage } from "../../../src/api/contract-signals.ts";
import { formatDuration, formatCount, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";
import { worstFirst, type ReasonText, type ToldFact } from "./told-fact.ts";

type Host = HostsPage["hosts"][number];

const toneOf: Readonly<Record<Host["verdict"], Tone>> = {
  good: "fine",
  warning: "warn",
  bad: "bad",
  unknown: "unknown",
};

/** Machines, those in trouble first: what is wrong in words, then their figures. */
export function hostFacts({ at, hosts }: HostsPage, reasonOf: ReasonText): readonly ToldFact[] {
  return worstFirst(
    hosts.map((host) => ({
      key: host.name,
      tone: toneOf[host.verdict],
      name: host.name,
      words: [
        [host.provider, host.region].filter((part) => part !== undefined).join(" "),
        ...host.findings.filter(({ verdict }) => verdict !== "good").map(({ reason }) => reasonOf(reason).short),
        ...figures(host),
      ]
        .filter((part, index, all) => part !== "" && all.indexOf(part) === index)
        .join(", "),
      at: host.readAt,
      lines: [
        ...host.findings.map(
          ({ verdict, reason, detail }) =>
            [reasonOf(reason).short, detail].filter((part) => part !== "").join(": ") +
            (verdict === "good" ? "" : `. ${reasonOf(reason).long}`),
        ),
        ...host.disks.flatMap((disk) => diskLine(disk)),
        ...host.processes.map((process) => processLine(process, at)),
      ],
    })),
  );
}

function figures({ cpu, memoryTotalBytes, memoryAvailableBytes, disks }: Host): readonly string[] {
  const fullest = disks.toSorted((a, b) => freeShare(a) - freeShare(b))[0];
  return [
    cpu === undefined ? "" : `processor ${percent(cpu.busy)} busy`,
    memoryTotalBytes === undefined || memoryAvailableBytes === undefined || memoryTotalBytes <= 0
      ? ""
      : `memory ${percent(memoryAvailableBytes / memoryTotalBytes)} free`,
    fullest === undefined ? "" : `${fullest.mountpoint} ${percent(freeShare(fullest))} free`,
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const freeShare = ({ availableBytes, sizeBytes }: Host["disks"][number]): number =>
  sizeBytes > 0 ? availableBytes / sizeBytes : 0;

const gigabytes = (bytes: number): string => `${formatCount(Math.round(bytes / 1e9))} GB`;

function diskLine({ mountpoint, availableBytes, sizeBytes, forecast }: Host["disks"][number]): readonly string[] {
  const { normal, withoutFinality } = forecast;
  const days = (count: number | undefined) => {
    if (count === undefined) return "never";
    return count < 1 ? "within a day" : `in ${plural(Math.floor(count), "day")}`;
  };
  const parts = [
    `Disk ${mountpoint}: ${gigabytes(availableBytes)} of ${gigabytes(sizeBytes)} free`,
    normal === undefined ? "too little is known to say when it is full" : `full ${days(normal.daysToFull)}`,
    withoutFinality === undefined
      ? ""
      : `without finality ${days(withoutFinality.daysToFull)}${withoutFinality.basis === "assumed" ? " (assumed, never measured here)" : ""}`,
  ];
  return [parts.filter((part) => part !== "").join("; ")];
}

function processLine(process: Host["processes"][number], now: number): string {
  const { place, client, keys, peers, startedAt, restarts, cpuCores, residentBytes, openFiles } = process;
  const parts = [
    `${client ?? "Process"} at ${place}`,
    startedAt === undefined ? "" : `runs for ${formatDuration(Math.max(0, now - startedAt))}`,
    restarts > 0 ? plural(restarts, "restart") : "",
    cpuCores === undefined ? "" : `${cpuCores.toFixed(2)} cores`,
    residentBytes === undefined ? "" : `${formatCount(Math.round(residentBytes / 1e6))} MB`,
    openFiles === undefined ? "" : plural(openFiles, "open file"),
    peers === undefined ? "" : plural(peers, "peer"),
    keys === undefined ? "" : plural(keys, "key"),
  ];
  return parts.filter((part) => part !== "").join(", ");
}
