import { rule } from "./rule-row.ts";

const owner = "operations";

/** Slotkeeper itself: a watcher that fails silently is worse than none. */
export const ownRules = [
  rule("SourceOfTruthLost", "down", "critical", "duties_unjudged_epochs > 3", {
    owner,
    summary: "Duties have not been judged for {{ $value }} epochs.",
    description: "Nobody knows whether duties are lost: no node gives what is needed, or the monitor is behind.",
    playbook:
      "1. Look at the sources on Validators and their errors. 2. Give the monitor another beacon node to read from. 3. Until then look at an outside explorer for single validators.",
  }),
  rule("GatewayUnreachable", "down", "critical", "gateway_unreachable_seconds > 30", {
    for: "15s",
    summary: "Gateway {{ $labels.gateway }} has not answered for {{ $value | humanizeDuration }}.",
    description:
      "The gateway is down, or only its control connection is. If it is down, its validator clients have no beacon node.",
    playbook:
      "1. Is its process up? Its service restarts it by itself. 2. Do validator clients still get answers? 3. If not, point them at a beacon node directly: that cannot slash.",
  }),
  rule("StoreFailing", "down", "critical", "store_failing_seconds > 30", {
    owner,
    summary: "The store has taken nothing for {{ $value | humanizeDuration }}.",
    description: "What is judged is not kept, and no new message can be recorded. The gateway goes on serving.",
    playbook:
      "1. Is the disk of the data folder full? 2. Does the database answer? 3. Read the monitor's log. Do not delete the database file.",
  }),
  rule("OwnClockOff", "hardware", "critical", "own_clock_offset_ms > 500", {
    owner,
    for: "1m",
    summary: "The clock of this machine is off by {{ $value }} ms.",
    description: "Every deadline, verdict and escalation is timed by it.",
    playbook:
      "1. Does the time service run and reach its servers? 2. Compare with another machine. 3. Trust no lateness shown meanwhile.",
  }),
  rule("MessagesUndelivered", "down", "critical", "messages_undelivered > 0", {
    for: "2m",
    summary: "{{ $value }} messages over {{ $labels.channel }} are not delivered.",
    description: "An alarm about the alarm: people who should know do not.",
    playbook:
      "1. Look at the messages and the provider's answer. 2. Reach the people over another channel by hand. 3. Renew the credential or correct the address.",
  }),
  rule("FactsStale", "down", "warning", "facts_stale > 0", {
    for: "10m",
    summary: "{{ $labels.source }} no longer renews {{ $value }} facts.",
    description: "Rules on these facts are blind, and alerts on them are marked unknown.",
    playbook:
      "1. Look at the source's state and its error. 2. If what it tells of is gone for good, remove it from the configuration.",
  }),
  rule("EvidenceGap", "down", "info", "evidence_gaps > 0", {
    summary: "Gateway {{ $labels.gateway }} has {{ $value }} gaps in its evidence.",
    description: "Requests of these times cannot be looked up, and causes of lost duties may stay unknown.",
    playbook: "1. Was the monitor down? 2. If it is too slow, look at its host and store.",
  }),
];
