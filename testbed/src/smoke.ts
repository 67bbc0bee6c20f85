// npm run smoke (in testbed): proves on real processes that the devnet, its faults, its judge and its ends work.
import { checkEndings } from "./smoke-endings.ts";
import { checkFaults } from "./smoke-faults.ts";

const startedAt = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
const only = process.argv[2];
const slotSeconds = Number(process.argv[3] ?? 4);

if (only === undefined || only === "faults") await checkFaults(say, slotSeconds);
if (only === undefined || only === "endings") await checkEndings(say);
say("all as expected");
