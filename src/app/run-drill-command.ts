import { isFinalPhase, type DrillProgress, type DrillRequest } from "../drills/types.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { openDrillSeat, type DrillSeat } from "./drill-seat.ts";
import { findPlaces, type Where } from "./tell-gateways.ts";

export interface DrillCommand extends Where, Pick<DrillRequest, "kind" | "node" | "settings" | "durationMs"> {
  isForced: boolean;
}

const lookMs = 500;
/** So long the monitor may be silent before the command gives up: the gateway has then lifted the fault by itself. */
const silenceMs = 30_000;

/**
 * Runs one drill and follows it to its end; `print` hears of what happens. `interrupt` lifts the fault, and the command
 * goes on until the node is back. Throws `AppError` `unknown-node` or `ambiguous-node` where the place is not clear.
 */
export async function runDrillCommand(
  configPath: string,
  { gateway, group, ...rest }: DrillCommand,
  print: (line: string) => void,
  interrupt: AbortSignal,
): Promise<DrillProgress> {
  const where = { ...(gateway === undefined ? {} : { gateway }), ...(group === undefined ? {} : { group }) };
  const { config, found, lost } = await findPlaces(configPath, where, ({ nodes }) =>
    nodes.some(({ node }) => node === rest.node),
  );
  const place = onlyOne(
    found.map((each) => ({ gateway: each.gateway.name, group: each.group.group })),
    rest.node,
    lost.map(({ message }) => message),
  );
  const seat = await openDrillSeat(config);
  try {
    if (seat.note) print(seat.note);
    return await follow(seat, await seat.start({ ...rest, ...place }), print, interrupt);
  } finally {
    await seat.close();
  }
}

function onlyOne(
  places: readonly { gateway: string; group: string }[],
  node: string,
  lost: readonly string[],
): { gateway: string; group: string } {
  const [first] = places;
  if (!first)
    throw new AppError(
      `drill ${node}: no reachable gateway has such a node. ${lost.join(" ")} \`slotkeeper status\` shows the names.`,
      { code: "unknown-node" },
    );
  if (places.length === 1) return first;
  const names = places.map((place) => `--gateway ${place.gateway} --group ${place.group}`).join(", or ");
  throw new AppError(`drill ${node}: it stands in ${places.length} places. Say which: ${names}.`, {
    code: "ambiguous-node",
  });
}

async function follow(
  seat: DrillSeat,
  begun: DrillProgress,
  print: (line: string) => void,
  interrupt: AbortSignal,
): Promise<DrillProgress> {
  let drill = begun;
  let said = "";
  let heardAt = systemClock.monotonic();
  let isToldToEnd = false;
  for (;;) {
    if (drill.sentence !== said) print(drill.sentence);
    said = drill.sentence;
    if (isFinalPhase(drill.phase)) return drill;
    await systemClock.sleep(lookMs, isToldToEnd ? undefined : interrupt);
    try {
      if (interrupt.aborted && !isToldToEnd) {
        isToldToEnd = true;
        print("Lifting the fault …");
        await seat.abort(drill.id);
      }
      const now = (await seat.running()).find(({ id }) => id === drill.id);
      if (!now) throw new AppError(`follow drill ${drill.id}: the monitor has forgotten it`, { code: "unknown-drill" });
      drill = now;
      heardAt = systemClock.monotonic();
    } catch (error) {
      if (systemClock.monotonic() - heardAt < silenceMs) continue;
      throw new AppError(
        `follow drill ${drill.id}: ${describeError(error)}. The gateway lifts the fault by itself within a minute; look with slotkeeper status.`,
        { code: "drill-lost", cause: error },
      );
    }
  }
}
