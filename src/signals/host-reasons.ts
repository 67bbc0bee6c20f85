import { defineReasons } from "../lib/reason.ts";

/** What one look at a machine can say; `slotkeeper check` and the monitor judge alike. */
export const hostReasons = defineReasons({
  "host-unread": {
    short: "no host metrics",
    long: "The page answers, but has no node_exporter metrics. Check the port (9100 by default).",
  },
  "host-silent": {
    short: "metrics page does not answer",
    long: "CPU, memory and disk are unknown. Check that node_exporter runs there and that its port is open to this machine.",
  },
  "cpu-good": { short: "CPU fine", long: "There is processor time to spare." },
  "cpu-busy": {
    short: "CPU busy",
    long: "The processors are nearly used up: duties will be late. See which process; move something away or take a larger machine.",
  },
  "cpu-overloaded": {
    short: "CPU overloaded",
    long: "More work waits than the processors can do. See which process; stop what is not needed.",
  },
  "cpu-waits-for-disk": {
    short: "waiting for disk",
    long: "The processors wait for the disk: it is too slow or failing. Look at its latency and health.",
  },
  "cpu-stolen": {
    short: "CPU taken by the hypervisor",
    long: "Another guest of the same physical machine takes processor time. Ask the provider for another machine.",
  },
  "memory-good": { short: "memory fine", long: "There is memory to spare." },
  "memory-low": {
    short: "memory low",
    long: "Little memory is left: the kernel may soon end a client. See which process grows; during non-finality all of them do.",
  },
  "memory-out": {
    short: "memory nearly out",
    long: "The kernel is about to end a process. Stop what is not needed now, then find out what grew.",
  },
  "disk-good": { short: "disk fine", long: "There is disk space to spare." },
  "disk-low": {
    short: "disk low",
    long: "Keep a fifth of the disk free: non-finality fills it much faster. Prune, or move to a larger disk in the next days.",
  },
  "disk-full": {
    short: "DISK NEARLY FULL",
    long: "A client whose disk fills up stops, and its database may be damaged. Free space now.",
  },
  "disk-read-only": {
    short: "disk is read-only",
    long: "The filesystem is mounted read-only: by choice, or because the kernel saw errors. Look at the kernel log.",
  },
  "host-clock-good": { short: "clock synchronised", long: "The host's clock is kept by a time service." },
  "host-clock-off": {
    short: "host clock off",
    long: "The host's clock is not synchronised or is off. Check the time service: chronyc tracking, timedatectl.",
  },
});

export type HostReasonCode = keyof typeof hostReasons;
