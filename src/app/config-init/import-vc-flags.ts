import { addNode, emptyDraft, type ConfigDraft } from "./draft.ts";

/** How each validator client is told its beacon nodes: as a flag, and the same word in its configuration file. */
const nodeFlags: readonly { flag: string; client: string }[] = [
  { flag: "beacon-nodes", client: "Lighthouse" },
  { flag: "proposer-nodes", client: "Lighthouse" },
  { flag: "beaconNodes", client: "Lodestar" },
  { flag: "server", client: "Lodestar" },
  { flag: "beacon-node-api-endpoint", client: "Teku" },
  { flag: "beacon-node-api-endpoints", client: "Teku" },
  { flag: "beacon-node", client: "Nimbus" },
  { flag: "beacon-rest-api-provider", client: "Prysm" },
  { flag: "beacon-node-address", client: "Vouch" },
  { flag: "beacon-node-addresses", client: "Vouch" },
  { flag: "beacon-node-urls", client: "Vero" },
  { flag: "beacon-node-urls-proposal", client: "Vero" },
];

/** Words that end a list of values in a file: the next flag, or the next `key:` or `key =` at the start of a line. */
const listEnd = /(?:^|\s)["'[]*--|\n\s*(?:-\s+)?[A-Za-z_][\w.-]*\s*(?::(?:\s|$)|=)/;

/**
 * Makes nodes of a validator client's command line or configuration file: Lighthouse, Lodestar, Teku, Nimbus, Prysm,
 * Vouch and Vero, as shell words, systemd unit, Compose list, YAML or TOML.
 */
export function importVcFlags(written: string): ConfigDraft {
  const draft = emptyDraft();
  // Comments and line continuations are taken away first: both hide where a value ends.
  const text = written.replace(/(^|\s)#.*$/gm, "$1").replace(/\\\r?\n/g, " ");
  for (const { flag, client } of nodeFlags) {
    for (const value of valuesOf(text, flag)) {
      if (flag === "server" && !/^https?:\/\//i.test(value)) continue;
      if (value.startsWith("$"))
        draft.notes.push(`${client}: --${flag} holds the variable ${value}; add its node by hand.`);
      else addNode(draft, value);
    }
  }
  if (/beacon-rpc-provider/.test(text) && !/beacon-rest-api-provider/.test(text))
    draft.notes.push(
      "Prysm's --beacon-rpc-provider is gRPC, which Slotkeeper does not speak: start the validator with --enable-beacon-rest-api and give the node's HTTP URL here.",
    );
  if (draft.nodes.length === 0)
    draft.notes.push(`No beacon node was found. Known flags: ${nodeFlags.map(({ flag }) => `--${flag}`).join(", ")}.`);
  return draft;
}

/** Every value of a flag or key, in order: split at commas, spaces, quotes, brackets and list dashes. */
function valuesOf(text: string, flag: string): string[] {
  const asFlag = `--${flag}(?:=|["',\\s]+)`;
  const asKey = `(?:^|\\n)[ \\t]*(?:-[ \\t]+)?["']?${flag}["']?[ \\t]*[:=](?=\\s|["'\\[]|[a-z]+:\\/\\/|\\d)`;
  return [...text.matchAll(new RegExp(`${asFlag}|${asKey}`, "g"))].flatMap((match) => {
    const isFlag = match[0].startsWith("--");
    const rest = text.slice(match.index + match[0].length);
    const end = listEnd.exec(rest);
    const span = end ? rest.slice(0, end.index) : rest;
    const [first, ...more] = span.split(/[\s,"'[\]]+/).filter((word) => word !== "" && word !== "-");
    if (first === undefined) return [];
    // After a flag's value other words may follow; after a key's value on its line nothing does.
    return [first, ...more.filter((word) => !isFlag || /^https?:\/\//i.test(word))].filter(looksLikeNode);
  });
}

function looksLikeNode(word: string): boolean {
  return /^(https?:\/\/|\$)/i.test(word) || /^[\w.-]+:\d+$/.test(word);
}
