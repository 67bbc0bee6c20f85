import { stringify } from "yaml";
import type { ConfigDraft, DraftGroup, DraftNode } from "./draft.ts";

/** Text of a scalar as YAML, quoted where it must be. */
function scalar(value: string): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** The configuration file of a draft: short, commented, and made to be edited by a person. */
export function renderConfig(draft: ConfigDraft, profile: "solo" | "scaled" = "solo"): string {
  const notes = draft.notes.flatMap((note) => wrap(note).map((line, i) => `# ${i === 0 ? "- " : "  "}${line}`));
  return `${[
    "# Slotkeeper. Check this file with:  slotkeeper config validate",
    "# Every key:                          slotkeeper config schema",
    ...(notes.length > 0 ? ["#", "# Please check:", ...notes] : []),
    "",
    `# "solo" hides what a small operator does not need; "scaled" shows everything.`,
    `profile: ${profile}`,
    "",
    "# mainnet, sepolia, hoodi, holesky, gnosis or chiado; auto believes what most nodes agree on.",
    "network: auto",
    "",
    "# Your beacon nodes. Say as much as you know: shared hosts, providers and clients fail together.",
    "nodes:",
    ...draft.nodes.flatMap(nodeLines),
    "",
    "# Where validator clients connect, and which nodes serve them, in failover order.",
    ...(draft.groups.length > 0
      ? ["groups:", ...draft.groups.flatMap(groupLines)]
      : [
          "# Without groups, every node serves on 127.0.0.1:7381:",
          "# groups:",
          "#   - name: default",
          "#     listen: 127.0.0.1:7381",
          `#     nodes: [${draft.nodes.map(({ name }) => scalar(name)).join(", ")}]`,
        ]),
    "",
    "# Addresses that your validators may pay fees to. Empty or left out: any.",
    "# feeRecipients:",
    `#   - "0x…"`,
    "",
    "# Pages and API. Calls that change something need the token.",
    "# server:",
    "#   listen: 127.0.0.1:7380",
    "#   dataFolder: ./data",
    "#   apiToken: { env: SLOTKEEPER_API_TOKEN }",
  ].join("\n")}\n`;
}

function nodeLines(node: DraftNode): string[] {
  const headers = Object.entries(node.secretHeaders).map(([name, env]) => `${scalar(name)}: { env: ${env} }`);
  return [
    `  - name: ${scalar(node.name)}`,
    `    url: ${scalar(node.url)}`,
    ...(headers.length > 0 ? [`    headers: { ${headers.join(", ")} }`] : []),
    "    # client: lighthouse",
    "    # executionClient: geth",
    "    # host: host-a",
    "    # provider: own",
  ];
}

function groupLines(group: DraftGroup): string[] {
  return [
    `  - name: ${scalar(group.name)}`,
    `    listen: ${scalar(group.listen)}`,
    "    nodes:",
    ...group.members.map(({ node, isBackup }) =>
      isBackup ? `      - { node: ${scalar(node)}, role: backup }` : `      - ${scalar(node)}`,
    ),
  ];
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
