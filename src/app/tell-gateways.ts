import { ControlRefusal } from "../control/client.ts";
import type { GroupStatus } from "../control/types.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { requireConfigWithoutAlarms } from "./config/load.ts";
import { reachGateways, type GatewayAsk, type ReachedGateway } from "./reach-gateways.ts";

/** Which gateways and groups are meant; nothing given: all of them. */
export interface Where {
  gateway?: string;
  group?: string;
}

/** What came of asking one group of one gateway. A gateway that cannot be reached is an outcome too. */
export interface Outcome {
  gateway: string;
  group: string | undefined;
  isDone: boolean;
  /** For a person: what was done, or why it was not and what to do. */
  message: string;
}

export interface Places {
  config: SlotkeeperConfig;
  found: readonly { gateway: ReachedGateway; group: GroupStatus }[];
  /** Gateways that were meant and cannot be reached: nobody knows what they have. */
  lost: readonly Outcome[];
}

/** Finds the groups that are meant. Throws `AppError` `unknown-gateway` where the config names no such gateway. */
export async function findPlaces(
  configPath: string,
  where: Where,
  isMeant: (group: GroupStatus) => boolean,
): Promise<Places> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  const all = await reachGateways(config);
  const gateways = all.filter(({ name }) => (where.gateway ?? name) === name);
  if (gateways.length === 0) {
    const known = all.map(({ name }) => name).join(", ") || "none";
    throw new AppError(
      `reach gateway ${where.gateway ?? ""}: the configuration names no such gateway under monitor.gateways; it names ${known}`,
      { code: "unknown-gateway" },
    );
  }
  const lost = gateways
    .filter(({ status }) => status === undefined)
    .map(({ name, error = "no answer" }) => ({
      ...{ gateway: name, group: where.group, isDone: false },
      message: `not told: ${error}. Look whether it runs, then give the command again`,
    }));
  const found = gateways.flatMap((gateway) =>
    (gateway.status?.groups ?? [])
      .filter((group) => (where.group ?? group.group) === group.group && isMeant(group))
      .map((group) => ({ gateway, group })),
  );
  return { config, found, lost };
}

/** What to ask of a group. `alreadyFor` is the gateway's refusal that means: it is so already, which is `already`. */
export type Wanted = { ask: GatewayAsk; done: string; alreadyFor?: string; already?: string } | { refused: string };

/** Asks each place, one after the other: a person who reads along sees where it stopped. Never throws for one of them. */
export async function askEach({ found, lost }: Places, askOf: (group: GroupStatus) => Wanted): Promise<Outcome[]> {
  const outcomes: Outcome[] = [...lost];
  for (const { gateway, group } of found) {
    const place = { gateway: gateway.name, group: group.group };
    const wanted = askOf(group);
    if ("refused" in wanted) {
      outcomes.push({ ...place, isDone: false, message: wanted.refused });
      continue;
    }
    try {
      const recorded = await gateway.tell(wanted.ask);
      outcomes.push({ ...place, isDone: true, message: `${wanted.done} (${recorded})` });
    } catch (error) {
      const isAlready = wanted.alreadyFor !== undefined && refusalOf(error) === wanted.alreadyFor;
      const message = isAlready && wanted.already ? wanted.already : `not done: ${describeError(error)}`;
      outcomes.push({ ...place, isDone: isAlready, message });
    }
  }
  return outcomes;
}

/** The gateway's own code, whichever way it came. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof ControlRefusal) return error.refusal;
  return error instanceof AppError ? error.code : undefined;
}

/** One line for each outcome, those that failed last, where they are seen. */
export function outcomeLines(outcomes: readonly Outcome[]): string[] {
  const line = ({ gateway, group, message }: Outcome) =>
    `${gateway}${group === undefined ? "" : `/${group}`}: ${message}`;
  const isPartial = outcomes.some(({ isDone }) => isDone) && outcomes.some(({ isDone }) => !isDone);
  return [
    ...outcomes.filter(({ isDone }) => isDone).map(line),
    ...outcomes.filter(({ isDone }) => !isDone).map(line),
    ...(isPartial ? ["Only part of it was done: the gateways do not agree now."] : []),
  ];
}
