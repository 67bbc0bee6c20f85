import type { AssessmentInput } from "./input.ts";
import type { AssessedFact } from "./types.ts";

const mostChanges = 20;

/** What people and programs changed lately, newest first: actions, maintenance, starts of clients and machines. */
export function recentChanges(input: AssessmentInput, sinceAt: number, now: number): readonly AssessedFact[] {
  const facts: AssessedFact[] = [
    ...input.otherChanges,
    ...input.actions.map(({ at, actor, action, target, result }) => ({
      text: `${actor}: ${action} ${target}${result === "done" ? "" : ` (${result})`}`,
      ...{ link: undefined, at },
    })),
    ...input.transitions.flatMap(({ kind, at, gateway, group, node, from, to, detail }) =>
      kind === "operator" && node !== undefined
        ? [
            {
              text: `${node} of group ${group} went from ${from} to ${to}${detail === "" ? "" : `: ${detail}`} (gateway ${gateway})`,
              link: "/nodes",
              at,
            },
          ]
        : [],
    ),
    ...input.hosts.flatMap(({ name, bootedAt, started }) => [
      ...(bootedAt === undefined ? [] : [{ text: `machine ${name} started`, link: "/nodes", at: bootedAt }]),
      ...started.map(({ place, at }) => ({ text: `${place} on ${name} was started`, link: "/nodes", at })),
    ]),
  ];
  return facts
    .filter(({ at }) => at >= sinceAt && at <= now)
    .sort((a, b) => b.at - a.at || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .slice(0, mostChanges);
}
