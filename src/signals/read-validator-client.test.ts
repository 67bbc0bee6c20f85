import { expect, test } from "vitest";
import { parseExposition } from "./exposition.ts";
import { readValidatorClient } from "./read-validator-client.ts";
import { indexSamples } from "./sample-lookup.ts";

const read = (text: string) => readValidatorClient(indexSamples(parseExposition(text).samples));

test.each<[string, string, Record<string, unknown>]>([
  [
    "lodestar",
    'vc_signers_count 32\nvc_indices_count 31\nlodestar_version{semver="1",version="v1.5.1"} 1\nvc_beacon_health 0\nprocess_start_time_seconds 5',
    {
      client: "lodestar",
      version: "v1.5.1",
      keys: 32,
      keysMetric: "vc_signers_count",
      usableNodes: 1,
      configuredNodes: 1,
    },
  ],
  ["an older lodestar", "vc_indices_count 31", { client: "lodestar", keys: 31, keysMetric: "vc_indices_count" }],
  [
    "a lodestar with two nodes, one of which fails",
    'vc_signers_count 1\nvc_beacon_health 0\nvc_rest_api_client_urls_score{urlIndex="0"} 0\nvc_rest_api_client_urls_score{urlIndex="1"} 10',
    { usableNodes: 1, configuredNodes: 2 },
  ],
  ["a lodestar without a node", "vc_signers_count 1\nvc_beacon_health 3", { usableNodes: 0, configuredNodes: 1 }],
  [
    "lighthouse",
    'vc_validators_enabled_count 9\nvc_validators_total_count 10\nvc_beacon_nodes_synced_count 1\nvc_beacon_nodes_total_count 2\nlighthouse_info{version="Lighthouse/v8"} 1',
    { client: "lighthouse", version: "Lighthouse/v8", keys: 9, usableNodes: 1, configuredNodes: 2 },
  ],
  [
    "teku",
    'validator_local_validator_count 7\nvalidator_local_validator_counts{status="active_ongoing"} 5\nvalidator_local_validator_counts{status="active_slashed"} 1\nvalidator_local_validator_counts{status="pending_queued"} 1',
    { client: "teku", keys: 7, activeKeys: 6, slashedKeys: 1 },
  ],
  [
    "vouch",
    'vouch_accountmanager_accounts_total{state="active_ongoing"} 100\nvouch_accountmanager_accounts_total{state="exited_slashed"} 2\nvouch_release{version="1.9"} 1',
    { client: "vouch", version: "1.9", keys: 102, activeKeys: 100, slashedKeys: 2 },
  ],
  [
    "vero",
    'vero_info{commit="x",version="v1.2"} 1\nvalidator_status{status="active"} 8\nvalidator_status{status="pending"} 1\nslashing_detected 0\nbeacon_node_score{host="a"} 100\nbeacon_node_score{host="b"} 0',
    { client: "vero", version: "v1.2", keys: 9, activeKeys: 8, slashedKeys: 0, usableNodes: 1, configuredNodes: 2 },
  ],
  [
    "prysm",
    'validator_statuses{pubkey="0x1"} 3\nvalidator_statuses{pubkey="0x2"} 5\nprysm_version{version="v6"} 1',
    { client: "prysm", version: "v6", keys: 2, activeKeys: 1, slashedKeys: 1 },
  ],
  ["web3signer", "signing_signers_loaded_count 500", { client: "web3signer", keys: 500 }],
  [
    "nimbus",
    'validators 12\nversion{version="v25.5.0",commit="x"} 1',
    { client: "nimbus", version: "v25.5.0", keys: 12 },
  ],
])("reads %s", (_, text, expected) => {
  expect(read(text)).toMatchObject(expected);
});

test("says that a page without a validator client's metrics is none", () => {
  expect(read("node_load1 1\nbeacon_head_slot 5")).toBeUndefined();
});

test("a count that is not a number is unknown, not zero", () => {
  expect(read("vc_signers_count NaN")).toMatchObject({ client: "lodestar", keys: undefined });
});
