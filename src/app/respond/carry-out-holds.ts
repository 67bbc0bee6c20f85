import type { ControlClient } from "../../control/client.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import { setHold } from "../../incidents/set-hold.ts";
import { systemAuthor } from "../../incidents/timeline.ts";
import type { IncidentHold } from "../../incidents/types.ts";
import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { changeIncident } from "../../respond/acts/incident.ts";
import type { AuditLog } from "../../access/audit.ts";
import type { RespondEngine } from "./respond-engine.ts";

export interface HoldParts {
  engine: RespondEngine;
  gateways(): ReadonlyMap<string, Pick<ControlClient, "hold">>;
  observed(): readonly ObservedGateway[];
  audit: AuditLog;
  clock: Clock;
  log: Logger;
}

/** A gateway that did not answer is asked again so often: it may be what still signs. */
const retryMs = 5_000;
const deadlineMs = 4_000;

/**
 * Holds what incidents want held, until each gateway has done it; and sees when a person has released it there. To be called
 * after every step and every second: what is under way is left alone.
 */
export function createHoldCarrier(parts: HoldParts): { look(): void; idle(): Promise<void> } {
  const { engine, gateways, observed, audit, clock, log } = parts;
  const triedAt = new Map<string, number>();
  async function carryOut(reference: string, hold: IncidentHold): Promise<void> {
    const { gateway, group } = hold;
    const why = `${reference}: ${hold.detail}`;
    const event = { actor: systemAuthor, action: "group.hold", target: `${gateway}/${group}` };
    try {
      const client = gateways().get(gateway);
      if (!client) throw new Error("no gateway of this name is configured");
      await client.hold(group, why, systemAuthor, AbortSignal.timeout(deadlineMs));
      await settle(reference, hold, "done", "signing inputs are withheld");
      await audit.append({ ...event, at: clock.now(), result: `done: ${why}` });
    } catch (error) {
      log.error(
        { ...event, reference, error: describeError(error) },
        "holding a group after a slashing failed; it is tried again",
      );
      if (hold.state === "wanted") await settle(reference, hold, "failed", describeError(error));
    }
  }

  async function settle(
    reference: string,
    { gateway, group }: IncidentHold,
    state: IncidentHold["state"],
    detail: string,
  ) {
    const by = state === "released" ? "a person" : systemAuthor;
    await engine.step({}, (draft, context) =>
      changeIncident(draft, context, reference, (incident, now) =>
        setHold(incident, { gateway, group, state, detail, by }, now),
      ),
    );
  }

  async function lookAt(reference: string, hold: IncidentHold): Promise<void> {
    if (hold.state === "done") {
      if (isReleased(observed(), hold)) await settle(reference, hold, "released", "the group is served again");
      return;
    }
    const key = `${reference} ${hold.gateway}/${hold.group}`;
    if (hold.state === "released" || clock.monotonic() - (triedAt.get(key) ?? -Infinity) < retryMs) return;
    triedAt.set(key, clock.monotonic());
    await carryOut(reference, hold);
  }

  /** As they stand now: a person may have released one while another was waited for. */
  function standing(reference: string, { gateway, group }: IncidentHold): IncidentHold | undefined {
    const incident = engine.state().incidents.find((each) => each.reference === reference);
    return incident?.holds.find((hold) => hold.gateway === gateway && hold.group === group);
  }

  async function lookAtAll(): Promise<void> {
    for (const { reference, holds } of engine.state().incidents)
      for (const each of holds) {
        const hold = standing(reference, each);
        if (!hold) continue;
        await lookAt(reference, hold).catch((error: unknown) =>
          log.error({ reference, error: describeError(error) }, "writing down how a hold stands failed"),
        );
      }
  }

  let running: Promise<void> | undefined;
  return {
    look() {
      if (engine.state().incidents.some(({ holds }) => holds.length > 0))
        running ??= lookAtAll().finally(() => (running = undefined));
    },
    async idle() {
      await running;
    },
  };
}

/** The gateway answers, was read after the hold was done, and has none. */
function isReleased(observed: readonly ObservedGateway[], { gateway, group, at }: IncidentHold): boolean {
  const seen = observed.find(({ name }) => name === gateway);
  if (!seen?.isReachable || (seen.lastContactAt ?? 0) < at + retryMs) return false;
  const status = seen.status?.groups.find((each) => each.group === group);
  return status !== undefined && status.hold === undefined;
}
