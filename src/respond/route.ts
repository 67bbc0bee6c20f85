import { matchesAll, readMatchers } from "../alerts/expr/matcher.ts";
import type { Labels } from "../alerts/labels.ts";
import { severityRank, type Severity } from "../alerts/severity.ts";
import type { Contact } from "../oncall/types.ts";
import type { RespondSettings } from "./settings.ts";

export interface Routing {
  /** By which policy people are paged; only what is critical pages. */
  policy: string | undefined;
  tell: readonly Contact[];
}

/** Who hears of a group with these labels. Without a route that fits nobody does. */
export function routeOf({ routes }: Pick<RespondSettings, "routes">, labels: Labels, severity: Severity): Routing {
  const route = routes.find(({ matchers }) => {
    const read = readMatchers(matchers);
    return read.kind === "read" && matchesAll(read.value, labels);
  });
  return {
    policy: severity === "critical" ? route?.policy : undefined,
    tell: route && severityRank(severity) >= severityRank(route.tellFrom) ? route.tell : [],
  };
}
