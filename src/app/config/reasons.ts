import { defineReasons } from "../../lib/reason.ts";

/** Why a configuration file is refused. */
export const configReasons = defineReasons({
  "unreadable-file": {
    short: "file cannot be read",
    long: "The configuration file does not exist or may not be read. Check the path and its owner.",
  },
  "too-large": {
    short: "file too large",
    long: "The file is larger than any configuration can be. Check that the path is the right one.",
  },
  "empty-file": {
    short: "file is empty",
    long: "The file holds no settings. The smallest one that works lists one node: slotkeeper config init writes it.",
  },
  "yaml-syntax": {
    short: "not valid YAML",
    long: "The text is not valid YAML, so nothing after this place can be trusted. Correct it and validate again.",
  },
  "yaml-duplicate-key": {
    short: "key written twice",
    long: "One key stands twice in the same place, and only one can count. Keep the right one.",
  },
  "yaml-alias": {
    short: "anchor or tag used",
    long: "Anchors, aliases and tags are not accepted, so that each line says what it means. Write the value out.",
  },
  "unknown-key": {
    short: "unknown key",
    long: "The key means nothing here; a misspelt key would silently do nothing. Correct or remove it.",
  },
  "missing-key": { short: "key missing", long: "A key that has no default is missing. Add it." },
  "wrong-type": {
    short: "wrong type",
    long: "The value is of another kind than the key takes. Write it as the message shows.",
  },
  "bad-value": {
    short: "value not allowed",
    long: "The value is outside of what the key takes. Write it as the message shows.",
  },
  "bad-url": {
    short: "bad URL",
    long: "The URL cannot be used as a base URL. Write scheme, host, port and perhaps a path prefix.",
  },
  "url-with-credentials": {
    short: "credentials in URL",
    long: "A URL with a password shows it in logs and process lists. Use a header that is read from the environment or a file.",
  },
  "bad-listen": {
    short: "bad listen address",
    long: "The address to listen on cannot be understood. Write HOST:PORT.",
  },
  "bad-secret": {
    short: "bad secret reference",
    long: "A secret is written as { env: NAME } or { file: PATH }, never as plain text. Put the text there and write the reference.",
  },
  "bad-fee-recipient": {
    short: "bad fee recipient",
    long: "The address is not one that rewards should go to. Copy it again from its source.",
  },
  "duplicate-name": {
    short: "name used twice",
    long: "Names identify things in pages, metrics and messages, so they must differ. Give one of the two another name.",
  },
  "duplicate-url": {
    short: "URL used twice",
    long: "Two entries with one URL are one machine counted twice: diversity and quorum would be wrong. Remove one of them.",
  },
  "duplicate-member": { short: "listed twice", long: "The entry stands twice in the same list. Remove one." },
  "duplicate-listen": {
    short: "address used twice",
    long: "Two listeners cannot share one address. Give one of them another port.",
  },
  "unknown-node": {
    short: "unknown node",
    long: "The name is not one of a node that `nodes` lists. Correct the name or add the node.",
  },
  "unknown-name": {
    short: "unknown name",
    long: "The name is not one of a channel, person, schedule, policy, rule, group or host that the file lists. Correct the name or add what it names.",
  },
  "bad-address": {
    short: "address does not fit its channel",
    long: "The channel cannot send to such an address, so that a page would be lost. Write it as the message shows.",
  },
  "unreadable-rule-file": {
    short: "rule file cannot be read",
    long: "A file that `alerts.ruleFiles` names does not exist or may not be read. Check its path and owner.",
  },
  "reserved-label": {
    short: "label name reserved",
    long: "The inventory fills this label itself. Use the key of the node instead.",
  },
  loop: {
    short: "node is Slotkeeper itself",
    long: "The node's URL is an address that Slotkeeper listens on: requests would go in circles. Write the beacon node's own URL.",
  },
  conflict: { short: "keys do not go together", long: "The keys contradict each other. Keep one of them." },
  "missing-env": {
    short: "variable not set",
    long: "The environment variable that should hold the secret is not set or empty. Set it for this process.",
  },
  "missing-file": {
    short: "secret file unusable",
    long: "The file that should hold the secret cannot be read or is empty. Check its path and owner.",
  },
  "bad-secret-value": {
    short: "secret unusable",
    long: "The secret was read but cannot be used where it stands, for example because it holds a line break. Correct it at its source.",
  },
  "bad-tls": {
    short: "certificate unusable",
    long: "Certificate, key or authority cannot be used for TLS. Correct the file; until then the old one stays in force.",
  },
  "path-too-long": {
    short: "socket path too long",
    long: "A unix socket's path may have at most 107 bytes. Choose a shorter path.",
  },
});
export type ConfigReasonCode = keyof typeof configReasons;
