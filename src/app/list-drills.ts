import { faultKinds, faultTexts } from "../faults/registry.ts";
import { settingNames } from "../faults/read-fault.ts";
import { requireConfigWithoutAlarms } from "./config/load.ts";
import { pastText } from "./drill-report.ts";
import { openDrillSeat } from "./drill-seat.ts";

/** Drills that run and past ones, as text or JSON. */
export async function listDrills(configPath: string, limit: number, isJson: boolean): Promise<string> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  const seat = await openDrillSeat(config);
  try {
    const [running, past] = [await seat.running(), await seat.past(limit)];
    if (isJson) return `${JSON.stringify({ running, past }, undefined, 2)}\n`;
    const note = seat.note ? "No monitor runs: past drills stand in its store. Start it to see them.\n" : "";
    const now = running
      .filter(({ endedAt }) => endedAt === undefined)
      .map(({ id, gateway, group, node, sentence }) => `runs: ${id} on ${gateway}/${group}/${node}. ${sentence}\n`);
    return `${note}${now.join("")}${pastText(past)}`;
  } finally {
    await seat.close();
  }
}

export async function abortDrill(configPath: string, id: string): Promise<string> {
  const { config } = await requireConfigWithoutAlarms(configPath, process.env);
  const seat = await openDrillSeat(config);
  try {
    await seat.abort(id);
    return `Drill ${id} is told to end: its fault is lifted now.\n`;
  } finally {
    await seat.close();
  }
}

export function kindsText(): string {
  return faultKinds
    .map((kind) => {
      const settings = settingNames(kind);
      const set = settings.length === 0 ? "" : `\n    --set ${settings.join(", ")}`;
      return `${kind}: ${faultTexts[kind].short}\n    ${faultTexts[kind].long}${set}\n`;
    })
    .join("");
}
