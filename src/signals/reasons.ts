import { defineReasons } from "../lib/reason.ts";
import { hostReasons } from "./host-reasons.ts";

/** Every reason that the monitor gives about machines and logs. */
export const signalReasons = defineReasons({
  ...hostReasons,
  "host-not-read": {
    short: "not read yet",
    long: "No page of this machine has been read yet. It is asked every 30 seconds: see what stands beside each page.",
  },
  "host-unwatched": {
    short: "no metrics configured",
    long: "Nothing says where this machine's metrics are. Add its node_exporter under hosts: metrics, or its target in Prometheus under hosts: prometheus.",
  },
  "host-old": {
    short: "figures are old",
    long: "The newest figures of this machine are too old to be judged by. Check that node_exporter runs there and that this machine reaches it.",
  },
  "disk-fills": {
    short: "disk fills up within days",
    long: "At the rate of the last hours this disk is full within a week. Prune the client's database, or move it to a larger disk.",
  },
  "disk-fills-soon": {
    short: "DISK FILLS UP WITHIN TWO DAYS",
    long: "At the rate of the last hours this disk is full within two days; a client whose disk fills up stops and may damage its database. Free space or move the database now.",
  },
  "process-restarted": {
    short: "process restarted",
    long: "A client's process has started anew within the last hour. Look at its log for why, and whether it was meant.",
  },
  "files-near-limit": {
    short: "open files near the limit",
    long: "The process has nearly used up its open files: soon it can open no connection or database file. Raise the limit of its service (LimitNOFILE) and restart it between duties.",
  },
  "page-silent": {
    short: "does not answer",
    long: "The metrics page does not answer. Check that the program runs, its address, and that the port is open to this machine.",
  },
  "page-refused": {
    short: "answered with an error",
    long: "The server answers, but not with the metrics. Check the address, and the credentials where it asks for some.",
  },
  "page-no-metrics": {
    short: "not a metrics page",
    long: "The page is too large, or is no page in the text format of Prometheus. Check port and path.",
  },
  "prometheus-failed": {
    short: "Prometheus did not answer",
    long: "Prometheus could not be asked, or refused the query: the line says why. Check its address and credentials.",
  },
  "prometheus-no-target": {
    short: "not in Prometheus",
    long: "Prometheus has no fresh series with this label instance. Check its spelling on the page Status, Targets, and that the target is up.",
  },
  "log-starting": { short: "not opened yet", long: "This log is being opened." },
  "log-followed": { short: "followed", long: "This log is read as it is written." },
  "log-missing": {
    short: "no such file",
    long: "The file is not there: the client has not written yet, or the path is wrong. It is looked for again every second.",
  },
  "log-denied": {
    short: "permission denied",
    long: "This user may not read the log. Add it to the group that may (for journald: systemd-journal or adm), then restart.",
  },
  "log-failed": {
    short: "cannot be read",
    long: "Reading failed: the line says why. It is tried again by itself; what was written meanwhile may be lost.",
  },
  "log-no-journalctl": {
    short: "no journalctl here",
    long: "The program journalctl is not on this machine (containers have none). Name the log as a file or a Loki query instead.",
  },
  "log-journal-ended": {
    short: "journalctl ended",
    long: "journalctl ended and is started again where it stopped. The line says what it wrote last; check that this user may read the journal.",
  },
  "log-loki-failed": {
    short: "Loki did not answer",
    long: "Loki could not be asked, or refused the query: the line says why. It is asked again from where it stopped.",
  },
});

export type SignalReasonCode = keyof typeof signalReasons;
