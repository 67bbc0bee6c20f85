import { rule } from "./rule-row.ts";

/** Machines, processes and logs. */
export const hostRules = [
  rule("DiskFills", "hardware", "warning", "disk_days_to_full < 7", {
    for: "30m",
    summary: "The disk {{ $labels.path }} of {{ $labels.host }} is full in {{ $value }} days.",
    description: "At the rate of the last hours. Without finality disks fill several times as fast.",
    playbook:
      "1. What grows: database, logs, snapshots? 2. Prune the client's database, another node serving meanwhile. 3. Plan a larger disk.",
  }),
  rule("DiskFills", "hardware", "critical", "disk_days_to_full < 2 or disk_available_ratio < 0.03", {
    summary: "The disk {{ $labels.path }} of {{ $labels.host }} is nearly full.",
    description:
      "Full within two days, or less than 3 % is free. A client whose disk is full stops and may damage its database.",
    playbook:
      "1. Delete old logs and snapshots. 2. Drain the node and prune, or move it to a larger disk. 3. Do not wait for it to stop by itself.",
  }),
  rule("MemoryLow", "hardware", "warning", "memory_available_ratio < 0.1", {
    for: "5m",
    summary: "{{ $labels.host }} has {{ $value | humanizePercentage }} of its memory left.",
    description: "When it runs out, the kernel ends the largest process: a client.",
    playbook: "1. Which process grows? 2. Lower its caches. 3. Restart it at a quiet time, another node serving.",
  }),
  rule("CpuBusy", "hardware", "warning", "cpu_busy_ratio >= 0.9", {
    for: "10m",
    summary: "{{ $labels.host }} uses {{ $value | humanizePercentage }} of its processors.",
    description: "For ten minutes hardly any processor time was left: blocks are imported late.",
    playbook:
      "1. Is a node syncing or pruning? Wait. 2. Does somebody send heavy requests? 3. Else move something to another host.",
  }),
  rule("ClockOff", "hardware", "warning", "clock_offset_ms > 200", {
    for: "5m",
    summary: "The clock of {{ $labels.host }} is off by {{ $value }} ms.",
    description: "Duties have deadlines of seconds. A clock that is off makes them late or early.",
    playbook:
      "1. Does the time service run and reach its servers? 2. Let it correct the clock slowly. 3. Never set the clock of a host with a signer back by hand.",
  }),
  rule("HostSilent", "down", "warning", "host_silent_seconds > 180", {
    for: "2m",
    summary: "{{ $labels.host }} tells nothing for {{ $value | humanizeDuration }}.",
    description: "The machine's figures cannot be read. The machine, its network or only its exporter is down.",
    playbook:
      "1. Do its nodes still answer? Then only the exporter is down. 2. Else reach it over the console, or ask the provider's remote hands.",
  }),
  rule("HardwareErrors", "hardware", "warning", "host_hardware_errors > 0", {
    summary: "{{ $labels.host }} reports {{ $value }} hardware errors.",
    description: "Memory, disk or network errors come before failures.",
    playbook:
      "1. Read the kernel's log for the part. 2. Drain the nodes of this host. 3. Have the part replaced by the provider.",
  }),
  rule("ProviderOutage", "network", "critical", "provider_hosts_silent >= 2", {
    for: "2m",
    summary: "{{ $value }} machines of {{ $labels.provider }} are silent.",
    description:
      "Several machines of one provider went silent at once: an outage of the provider or a network in between.",
    playbook:
      "1. Open the provider's direct channel and note the time. 2. Check that groups have ready nodes elsewhere. 3. After 30 minutes escalate as the directory says. 4. Do not start these keys elsewhere while the machines may still be signing.",
  }),
  rule("ProcessRestarted", "down", "info", "process_restarts > 0", {
    summary: "{{ $labels.process }} on {{ $labels.host }} restarted.",
    description: "A client started anew within the last hour and no maintenance explains it.",
    playbook: "Read its log from before the restart: out of memory, a crash, or a person?",
  }),
  rule("ProcessRestarted", "down", "warning", "process_restarts >= 3", {
    summary: "{{ $labels.process }} on {{ $labels.host }} restarted {{ $value }} times.",
    description: "The client restarts again and again.",
    playbook:
      "1. Read its log. 2. Take the node out of service so that nobody waits for it. 3. Undo the last change of version or configuration.",
  }),
  rule("BadLogLines", "hardware", "warning", "log_bad_lines > 0", {
    summary: "The log {{ $labels.log }} says {{ $labels.signature }}.",
    description:
      "A line that is known to mean trouble: a damaged database, a full disk, an invalid block, a doppelganger.",
    playbook: "Open the log lines: each known message comes with what it means and what to do.",
  }),
];
