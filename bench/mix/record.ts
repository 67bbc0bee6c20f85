import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDevnet } from "../../testbed/src/devnet.ts";
import { waitForSlot } from "../../testbed/src/wait.ts";
import { startShim, type SeenRequest } from "../../test/support/shim.ts";

/**
 * Records what a real Lodestar validator client asks its beacon node over three epochs, through a plain pass-through in
 * between, and writes `recorded.json`: `node bench/mix/record.ts`. Only methods, paths, times and sizes are kept, no bodies:
 * roots in paths are left out, and nothing that was signed is stored.
 */
const validators = 64;
const devnet = await startDevnet({ nodes: 2, validators, genesisDelaySeconds: 12 });
try {
  const shim = await startShim(devnet.node("bn1").url);
  devnet.startValidatorClient({
    name: "vc",
    firstIndex: 0,
    lastIndex: validators - 1,
    beaconNodeUrls: [shim.url],
  });
  const firstSlot = 2 * devnet.slotsPerEpoch;
  const lastSlot = 5 * devnet.slotsPerEpoch - 1;
  await waitForSlot(devnet, lastSlot + 1);
  const startMs = devnet.genesisTime * 1000 + firstSlot * devnet.slotDurationMs;
  const endMs = devnet.genesisTime * 1000 + (lastSlot + 1) * devnet.slotDurationMs;
  const requests = shim.seen
    .filter(({ startedAt }) => startedAt >= startMs && startedAt < endMs)
    .sort((a, b) => a.startedAt - b.startedAt)
    .map(({ route, target, startedAt, status, requestBytes, answerBytes }) => {
      const slot = Math.floor((startedAt - startMs) / devnet.slotDurationMs);
      const share = (startedAt - startMs) / devnet.slotDurationMs - slot;
      return [slot, Number(share.toFixed(3)), route, shape(target), status, requestBytes, answerBytes];
    });
  const recording = {
    client: "Lodestar validator client 1.5.1",
    validators,
    slots: lastSlot - firstSlot + 1,
    slotsPerEpoch: devnet.slotsPerEpoch,
    headers: { GET: headersOf(shim.seen, "GET"), POST: headersOf(shim.seen, "POST") },
    fields: ["slot", "shareOfSlot", "route", "query", "status", "requestBytes", "answerBytes"],
    requests,
  };
  const lines = requests.map((request) => `    ${JSON.stringify(request)}`).join(",\n");
  const text = JSON.stringify({ ...recording, requests: [] }, null, 2).replace(
    '"requests": []',
    `"requests": [\n${lines}\n  ]`,
  );
  writeFileSync(join(import.meta.dirname, "recorded.json"), `${text}\n`);
  console.log(`${requests.length} requests of ${recording.slots} slots`);
  await shim.stop();
} finally {
  await devnet.stop();
}

/** What the client sends with every request of a method, but for where it goes and how long it is. */
function headersOf(seen: readonly SeenRequest[], method: string): Record<string, unknown> {
  const {
    host: _host,
    "content-length": _length,
    ...headers
  } = seen.findLast(({ route }) => route.startsWith(method))?.headers ?? {};
  return headers;
}

/** The query with roots shortened to their name: what matters is which parameters differ from request to request. */
function shape(target: string): string {
  return (target.split("?")[1] ?? "").replace(/0x[0-9a-f]+/g, "0x");
}
