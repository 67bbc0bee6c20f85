import { rule } from "./rule-row.ts";

/** Beacon nodes, execution clients, and who uses them. */
export const nodeRules = [
  rule("UpstreamsNotReady", "down", "warning", "upstream_ready_count < 2", {
    for: "2m",
    summary: "Group {{ $labels.group }} has {{ $value }} ready beacon nodes.",
    description: "With fewer than two, the next fault costs duties: nothing is left to switch to.",
    playbook:
      "1. Look why the others are not ready: syncing, execution client, peers, cordoned. 2. Bring one back before anything else. 3. Start no maintenance and no drill.",
  }),
  rule("UpstreamsNotReady", "down", "critical", "upstream_ready_count == 0", {
    summary: "Group {{ $labels.group }} has NO ready beacon node.",
    description: "Duties of this group are being lost now.",
    playbook:
      "1. Look at what all nodes share: execution client, host, network, provider, our clock. 2. A node that is syncing and close is back soonest: leave it alone. 3. Point the group at another one's nodes if there are any. 4. Never move keys in haste.",
  }),
  rule("UpstreamNotReady", "down", "warning", "upstream_not_ready > 0", {
    for: "10m",
    summary: "Beacon node {{ $labels.node }} is not ready.",
    description: "For ten minutes the node could serve no duties. Others do.",
    playbook:
      "1. Read the node's reason on Nodes. 2. Is its process up, its disk free, its execution client in sync? 3. Read its log. 4. Restart it only when another node is ready.",
  }),
  rule("StandbyNotReady", "down", "warning", "standby_not_ready_epochs >= 2", {
    summary: "Standby {{ $labels.node }} has not been ready for {{ $value }} epochs.",
    description: "A standby that is out of sync is none: the next switch would fail.",
    playbook:
      "1. Look at its sync distance and execution client. 2. If it falls further behind, look at disk and CPU. 3. If it is damaged, sync it anew from a checkpoint that two sources confirm.",
  }),
  rule("ExecutionClientOffline", "down", "warning", "el_offline > 0", {
    for: "1m",
    summary: "The execution client of {{ $labels.node }} is offline.",
    description: "Without it the beacon node follows the chain optimistically and may not serve signing inputs.",
    playbook:
      "1. Is the execution client's process up? 2. Is its disk full or its database damaged? 3. Do both sides have the same JWT secret and address?",
  }),
  rule("FewPeers", "network", "warning", "node_peer_count < 10", {
    for: "10m",
    summary: "{{ $labels.node }} has {{ $value }} peers.",
    description: "With few peers blocks come late and attestations spread badly.",
    playbook:
      "1. Is its port open from outside, TCP and UDP? 2. Did its address change? 3. Check the firewall and the provider's filters.",
  }),
  rule("LatencyAboveBaseline", "performance", "warning", "beacon_latency_above_baseline > 3", {
    for: "15m",
    summary: "{{ $labels.node }} answers {{ $value }} times slower than usual.",
    description: "The node's slowest answers are three times as slow as in the last 7 days.",
    playbook:
      "1. Look at CPU, memory and disk waits of its host. 2. Did its version or configuration change? 3. Does somebody else send it heavy requests? 4. Prefer another node meanwhile.",
  }),
  rule("RequestSurge", "network", "warning", "request_surge_multiple > 5", {
    for: "5m",
    summary: "Requests of {{ $labels.client }} to group {{ $labels.group }} are {{ $value }} times as many as usual.",
    description:
      "Unusually many requests, held against the same time of day over 7 days. A client in a loop, a wrong configuration, or somebody who should not be there.",
    playbook:
      "1. Look which client and route it is. 2. If it is no client of ours, close its access. 3. If it is, read its log: it may have lost another node and retry.",
  }),
  rule("ClientSilent", "down", "critical", "client_requests_silent_epochs >= 2", {
    summary: "Validator client {{ $labels.client }} has asked for nothing for {{ $value }} epochs.",
    description: "The client is down, or uses another node. Its duties are being lost unless it does.",
    playbook:
      "1. Is its process up on its own host? 2. Does it reach the gateway? 3. If the host is lost, do NOT start its keys elsewhere before it is proven dead and two epochs have passed with no attestation of them.",
  }),
];
