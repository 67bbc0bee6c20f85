import { formatListenAddress, parseListenAddress } from "../../fleet/listen-address.ts";
import { addNode, emptyDraft, freeName, type ConfigDraft } from "./draft.ts";
import { readHaproxySections, type HaproxySection, type HaproxyServer } from "./haproxy-file.ts";

/**
 * Makes nodes and groups of an HAProxy configuration: each frontend with its backend, and each `listen` section, becomes a
 * group on the same address; `backup` servers become backup nodes. Checks, timeouts and balancing are not taken over.
 */
export function importHaproxy(text: string): ConfigDraft {
  const draft = emptyDraft();
  const sections = readHaproxySections(text);
  const backends = sections.filter(({ kind }) => kind === "backend");
  const used = new Set<string>();
  for (const section of sections) {
    if (section.kind === "listen") addGroup(draft, section, section);
    if (section.kind !== "frontend") continue;
    const wanted = section.defaultBackend ?? section.otherBackends[0];
    const backend = backends.find(({ name }) => name === wanted);
    if (!backend) {
      draft.notes.push(
        `Line ${section.line}: frontend ${section.name} leads to no backend of this file and was left out.`,
      );
      continue;
    }
    used.add(backend.name);
    addGroup(draft, section, backend);
    const others = section.otherBackends.filter((name) => name !== backend.name);
    if (others.length > 0)
      draft.notes.push(
        `Line ${section.line}: use_backend rules of ${section.name} were not taken over (${others.join(", ")}).`,
      );
  }
  for (const backend of backends) if (!used.has(backend.name)) addGroup(draft, undefined, backend);
  const ignored = new Set(sections.flatMap((section) => [...section.ignored]));
  if (ignored.size > 0)
    draft.notes.push(
      `Not taken over, because Slotkeeper judges nodes and sets deadlines itself: ${[...ignored].sort().join(", ")}.`,
    );
  if (draft.nodes.length === 0) draft.notes.push("No server line was found in the HAProxy file.");
  else
    draft.notes.push(
      "Stop HAProxy before Slotkeeper listens on the same addresses, and check that every node is a beacon node.",
    );
  return draft;
}

function addGroup(draft: ConfigDraft, front: HaproxySection | undefined, back: HaproxySection): void {
  if (back.servers.length === 0) return;
  const listen = listenOf(draft, front, back);
  const members = back.servers.flatMap((server) => addMember(draft, server, back, Number(listen.split(":").at(-1))));
  // Two servers of one backend may be one machine: a node stands in a group once.
  const unique = members.filter((member, i) => members.findIndex(({ node }) => node === member.node) === i);
  if (unique.length > 0) draft.groups.push({ name: freeName(back.name, draft.groups), listen, members: unique });
}

function addMember(draft: ConfigDraft, server: HaproxyServer, section: HaproxySection, frontPort: number) {
  if (server.isDisabled) {
    draft.notes.push(`Line ${server.line}: server ${server.name} is disabled and was left out.`);
    return [];
  }
  const address = server.address.replace(/^(ipv4|ipv6|tcp4?|tcp6)@/, "");
  // A server without a port is reached on the port that the client came to.
  const withPort = /:\d+$/.test(address)
    ? address
    : /:/.test(address) && !address.startsWith("[")
      ? ""
      : `${address}:${frontPort}`;
  const url = `${server.isTls ? "https" : "http"}://${withPort}`;
  if (withPort === "" || /^(unix|abns|fd|sockpair|quic)/.test(address) || address.startsWith("/")) {
    draft.notes.push(
      `Line ${server.line}: the address of server ${server.name} cannot be taken over; add its node by hand.`,
    );
    return [];
  }
  const taken = draft.nodes.some((node) => node.name.toLowerCase() === server.name.toLowerCase());
  const node = addNode(draft, url, taken ? `${server.name}-${section.name}` : server.name);
  return node === undefined ? [] : [{ node, isBackup: server.isBackup }];
}

/** The first address bound, in our form; else the next free port from 7381 on. */
function listenOf(draft: ConfigDraft, front: HaproxySection | undefined, back: HaproxySection): string {
  const usable = (front?.binds ?? []).flatMap((bind) => {
    const address = parseListenAddress(
      bind
        .replace(/^ipv[46]@/, "")
        .replace(/^(\*)?:(?=\d)/, "0.0.0.0:")
        .replace(/^:::(?=\d)/, "[::]:"),
    );
    return address ? [formatListenAddress(address)] : [];
  });
  const free = usable.find((listen) => draft.groups.every((group) => group.listen !== listen));
  if (free !== undefined) {
    if (front && front.binds.length > 1)
      draft.notes.push(`Line ${front.line}: ${front.name} listens on several addresses; only ${free} was taken over.`);
    return free;
  }
  let port = 7381;
  while (draft.groups.some((group) => group.listen.endsWith(`:${port}`))) port++;
  const why = front ? "has no address that can be taken over" : "is used by no frontend";
  draft.notes.push(
    `Line ${(front ?? back).line}: ${(front ?? back).name} ${why}; its group listens on 127.0.0.1:${port}.`,
  );
  return `127.0.0.1:${port}`;
}
