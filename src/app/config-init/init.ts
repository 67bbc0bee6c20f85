import { readFile } from "node:fs/promises";
import { AppError } from "../../lib/app-error.ts";
import { parseConfig } from "../config/parse.ts";
import { formatProblems } from "../config/problem.ts";
import { readFailure } from "../../lib/read-failure.ts";
import { addNode, emptyDraft, freeName, type ConfigDraft } from "./draft.ts";
import { importHaproxy } from "./import-haproxy.ts";
import { importVcFlags } from "./import-vc-flags.ts";
import { renderConfig } from "./render.ts";

export interface InitSources {
  node?: readonly string[];
  fromHaproxy?: string;
  /** The flags themselves, or the path of a file that holds them. */
  fromVcFlags?: string;
  profile: string;
}

/** Text of a new configuration file, checked, and what a person should look at in it. */
export async function initConfig(sources: InitSources): Promise<{ text: string; notes: readonly string[] }> {
  const { profile } = sources;
  if (profile !== "solo" && profile !== "scaled")
    throw new AppError(`write configuration: --profile is "${profile}"; write solo or scaled`, { code: "bad-option" });
  const draft = await draftOf(sources);
  if (draft.nodes.length === 0)
    throw new AppError(
      `write configuration: ${draft.notes.join(" ") || "no beacon node was found."} Add --node http://HOST:PORT.`,
      { code: "no-node-found" },
    );
  const text = renderConfig(draft, profile);
  const { problems } = parseConfig(text, "the new file");
  // What was imported may itself be wrong (a listener in a loop, say): the file is written all the same, to be corrected.
  const doubts = problems.length > 0 ? [`The file still needs correcting:\n${formatProblems(problems)}`] : [];
  return { text, notes: [...draft.notes, ...doubts] };
}

async function draftOf(sources: InitSources): Promise<ConfigDraft> {
  const drafts: ConfigDraft[] = [];
  if (sources.fromHaproxy !== undefined)
    drafts.push(importHaproxy(await readSource(sources.fromHaproxy, "HAProxy file")));
  if (sources.fromVcFlags !== undefined) drafts.push(importVcFlags(await flagsText(sources.fromVcFlags)));
  if (sources.node !== undefined || drafts.length === 0) {
    const draft = emptyDraft();
    for (const url of sources.node ?? ["http://127.0.0.1:5052"]) addNode(draft, url);
    if (!sources.node) draft.notes.push("No node was given, so http://127.0.0.1:5052 was written; correct it.");
    drafts.push(draft);
  }
  return drafts.reduce(merge);
}

/** Nodes with one URL become one; groups keep their own members, and nodes that come without a group get no group. */
function merge(into: ConfigDraft, from: ConfigDraft): ConfigDraft {
  const renamed = new Map<string, string>();
  for (const node of from.nodes) {
    const known = into.nodes.find(({ url }) => url === node.url);
    const name = known?.name ?? freeName(node.name, into.nodes);
    if (!known) into.nodes.push({ ...node, name });
    renamed.set(node.name, name);
  }
  for (const group of from.groups)
    into.groups.push({
      ...group,
      name: freeName(group.name, into.groups),
      members: group.members.map((member) => ({ ...member, node: renamed.get(member.node) ?? member.node })),
    });
  if (into.groups.length > 0 && from.groups.length === 0 && from.nodes.length > 0)
    into.notes.push(`These nodes are in no group yet: ${[...renamed.values()].join(", ")}.`);
  into.notes.push(...from.notes);
  return into;
}

/** Flags are recognised by their dashes; everything else must be a file. */
async function flagsText(flagsOrFile: string): Promise<string> {
  return /(^|\s)--\w/.test(flagsOrFile) ? flagsOrFile : readSource(flagsOrFile, "file of validator client flags");
}

async function readSource(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new AppError(`read ${what} ${JSON.stringify(path)}: ${readFailure(error)}; check the path`, {
      code: "unreadable-file",
    });
  }
}
