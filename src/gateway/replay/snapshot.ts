import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import { describeError } from "../../lib/app-error.ts";
import { replayKinds, type ReplayStore, type StoredItem } from "./replay-store.ts";
import type { ReplayKind } from "./replay-items.ts";

const format = "slotkeeper-replay";
const version = 1;
/** Lines written between two turns of the event loop: serialising 100,000 items at once would stall duties. */
const linesPerTurn = 2_000;

/**
 * Loads a snapshot into the store. Returns what went wrong in a sentence, or `undefined`; a file that is not there is
 * no fault. Broken lines end the reading, what came before them stays.
 */
export async function loadSnapshot(path: string, store: ReplayStore): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return `read the replay store ${path}: ${describeError(error)}; starting empty`;
  }
  const [head, ...lines] = text.split("\n");
  try {
    const header = JSON.parse(head ?? "") as { format?: unknown; version?: unknown };
    if (header.format !== format || header.version !== version) throw new Error("not a replay store of this version");
    for (const line of lines) if (line !== "") loadLine(line, store);
    return undefined;
  } catch (error) {
    return `read the replay store ${path}: ${describeError(error)}; validator clients fill it again within an epoch`;
  }
}

function loadLine(line: string, store: ReplayStore): void {
  // A version without the last field wrote before it was needed: its items are the oldest.
  const [kind, key, ends, timestamp, json, receivedAt = 0] = JSON.parse(line) as unknown[];
  const isWhole =
    typeof key === "string" &&
    typeof ends === "number" &&
    typeof timestamp === "number" &&
    typeof json === "string" &&
    typeof receivedAt === "number";
  if (!isWhole || !(replayKinds as readonly unknown[]).includes(kind)) throw new Error("a line is not an item");
  JSON.parse(json);
  store.load(kind as ReplayKind, key, { json, expiresAt: ends, timestamp, receivedAt });
}

/** Writes the living items to a new file beside `path`, mode 0600, and renames it into place. */
export async function writeSnapshot(path: string, store: ReplayStore, clock: Clock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.chmod(0o600);
    let chunk = [JSON.stringify({ format, version })];
    for (const kind of replayKinds)
      for (const [key, item] of store.items(kind)) {
        chunk.push(snapshotLine(kind, key, item));
        if (chunk.length < linesPerTurn) continue;
        await file.write(`${chunk.join("\n")}\n`);
        chunk = [];
        await clock.sleep(0);
      }
    await file.write(`${chunk.join("\n")}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function snapshotLine(kind: ReplayKind, key: string, item: StoredItem): string {
  return JSON.stringify([kind, key, item.expiresAt, item.timestamp, item.json, item.receivedAt]);
}
