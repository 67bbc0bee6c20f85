import { parseArgs } from "node:util";
import { benchmarks, type Benchmark } from "./registry.ts";

const [name, ...args] = process.argv.slice(2);

if (name === undefined || name === "--help" || name === "--list") {
  console.log("npm run bench -- NAME [--quick]      the last line is one line of JSON with the figures\n");
  for (const [key, { what, flags }] of Object.entries(benchmarks)) {
    console.log(`  ${key.padEnd(18)} ${what}`);
    for (const [flag, text] of Object.entries(flags ?? {})) console.log(`${" ".repeat(23)}--${flag}: ${text}`);
  }
} else {
  const benchmark = benchmarks[name];
  const given = benchmark ? readFlags(benchmark) : `there is no benchmark "${name}"`;
  if (!benchmark || typeof given === "string") {
    console.error(`${String(given)}: npm run bench -- --list names them all.`);
    process.exitCode = 2;
  } else {
    const { run } = await benchmark.load();
    // Whatever it started ends with this process; what does not by itself has a handler of `exit`.
    for (const [signal, number] of [
      ["SIGINT", 2],
      ["SIGTERM", 15],
    ] as const)
      process.once(signal, () => process.exit(128 + number));
    const { quick, ...flags } = given;
    const figures = await run({ isQuick: quick === true, flags: flags as Readonly<Record<string, string>> });
    console.log(JSON.stringify({ benchmark: name, ...figures }));
    process.exit();
  }
}

/** What stands behind the name, or why it cannot be read. */
function readFlags({ flags = {} }: Benchmark): Record<string, string | boolean | undefined> | string {
  const named = Object.keys(flags).map((flag) => [flag, { type: "string" }] as const);
  try {
    return { ...parseArgs({ args, options: { quick: { type: "boolean" }, ...Object.fromEntries(named) } }).values };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
