import type { TopologyWarning } from "../../fleet/lint-topology.ts";
import { checkOnCall } from "../../oncall/check-on-call.ts";
import { onCallReasons } from "../../oncall/reasons.ts";
import type { SlotkeeperConfig } from "../config.ts";

type RespondParts = Pick<SlotkeeperConfig, "respond" | "channels">;

/** Warns of what is written about alarms and people and never comes into use. */
export function lintRespond({ respond, channels }: RespondParts): TopologyWarning[] {
  const { routes, people, fallbacks, policies } = respond;
  const used = new Set(
    [...routes.flatMap(({ tell }) => tell), ...people.flatMap(({ contacts }) => contacts), ...fallbacks].map(
      ({ channel }) => channel,
    ),
  );
  const catchAll = routes.findIndex(({ matchers }) => matchers.length === 0);
  const after = catchAll < 0 ? 0 : routes.length - 1 - catchAll;
  const paging = new Set(routes.map(({ policy }) => policy));
  return [
    ...channels
      .filter(({ name }) => !used.has(name))
      .map(({ name }) => ({ reason: "unused-channel" as const, detail: `channel ${name}` })),
    ...(after > 0
      ? [
          {
            reason: "shadowed-route" as const,
            detail: `alerts.routes[${catchAll}] takes everything, ${after} after it nothing`,
          },
        ]
      : []),
    ...policies
      .filter(({ name }) => !paging.has(name))
      .map(({ name }) => ({ reason: "unused-policy" as const, detail: `policy ${name}` })),
  ];
}

/** Warns of pages that would have no reader within two weeks from `now`, ms since 1970. */
export function lintOnCall({ respond }: Pick<RespondParts, "respond">, now: number): TopologyWarning[] {
  return checkOnCall(respond, respond.policies, { now, days: 14 })
    .filter(({ reason }) => reason !== "person-alone")
    .map(({ reason, subject, detail }) => ({
      reason: "page-at-nobody" as const,
      detail: `${subject}: ${onCallReasons[reason].short}: ${detail}`,
    }));
}
