import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Loaded by `node --import` into the processes of a soak, never by the program itself: on SIGURG it collects garbage and
 * writes what is left to `FOLDER/PID.json`, FOLDER being SLOTKEEPER_HEAP_PROBE. Nobody else uses the signal, and without a handler it does nothing.
 */
const folder = process.env["SLOTKEEPER_HEAP_PROBE"];

if (folder !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let count = 0;
  process.on("SIGURG", () => {
    // Twice: the first one runs finalizers, whose garbage the second one takes.
    collect();
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    const path = join(folder, `${process.pid}.json`);
    writeFileSync(path, JSON.stringify({ count: ++count, heapUsed, external, rss }));
  });
}
