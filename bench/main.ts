import { benchmarks } from "./registry.ts";

const [name, ...options] = process.argv.slice(2);

if (name === undefined || name === "--help" || name === "--list") {
  console.log("npm run bench -- NAME [--quick]      the last line is one line of JSON with the figures\n");
  for (const [key, { what }] of Object.entries(benchmarks)) console.log(`  ${key.padEnd(18)} ${what}`);
} else {
  const benchmark = benchmarks[name];
  const unknown = options.filter((option) => option !== "--quick");
  if (!benchmark || unknown.length > 0) {
    const wrong = benchmark ? `unknown option ${unknown.join(" ")}` : `there is no benchmark "${name}"`;
    console.error(`${wrong}: npm run bench -- --list names them all.`);
    process.exitCode = 2;
  } else {
    const { run } = await benchmark.load();
    const figures = await run({ isQuick: options.includes("--quick") });
    console.log(JSON.stringify({ benchmark: name, ...figures }));
    process.exit();
  }
}
