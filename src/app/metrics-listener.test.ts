import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../lib/fake-clock.ts";
import { pino } from "pino";
import { metricsRetryMs, startMetricsListener, type MetricsListener } from "./metrics-listener.ts";

let listener: MetricsListener | undefined;
let blocker: Server | undefined;
let lines: { level: number; msg: string }[] = [];

afterEach(async () => {
  await listener?.stop();
  blocker?.close();
  listener = blocker = undefined;
  lines = [];
});

const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });

async function start(port: number, clock: FakeClock, isHealthy = true): Promise<MetricsListener> {
  const health = () => ({ isHealthy, detail: isHealthy ? "ok" : "no listener is open" });
  const source = { metrics: () => Promise.resolve("up 1\n"), health };
  return (listener = await startMetricsListener({ listen: { host: "127.0.0.1", port }, source, clock, log }));
}
const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${listener?.address()?.port}${path}`, init);

test("serves metrics and liveness, and nothing else", async () => {
  await start(0, createFakeClock());
  const metrics = await ask("/metrics");
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await metrics.text()).toBe("up 1\n");
  expect(await (await ask("/healthz")).text()).toBe("ok\n");
  expect((await ask("/v1/status")).status).toBe(404);
  expect((await ask("/metrics", { method: "POST" })).status).toBe(405);
});

test("an unhealthy gateway answers liveness with 503", async () => {
  await start(0, createFakeClock(), false);
  expect((await ask("/healthz")).status).toBe(503);
});

test("a taken port is one error line, not a failed start; it is bound once it is free", async () => {
  blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address() as AddressInfo;
  const clock = createFakeClock();
  await start(port, clock);
  expect(listener?.address()).toBeUndefined();
  expect(lines).toMatchObject([{ level: 50, msg: expect.stringContaining("gateway.metricsListen") as string }]);

  blocker.close();
  await once(blocker, "close");
  await clock.advance(metricsRetryMs);
  while (listener?.address() === undefined) await new Promise(setImmediate);
  expect(listener.address()?.port).toBe(port);
  expect(await (await ask("/metrics")).text()).toBe("up 1\n");
  expect(lines.filter(({ level }) => level >= 50)).toHaveLength(1);
});

test("stopping while the port is taken ends the attempts", async () => {
  blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const clock = createFakeClock();
  await start((blocker.address() as AddressInfo).port, clock);
  await listener?.stop();
  await clock.advance(3 * metricsRetryMs);
  expect(lines).toHaveLength(1);
});
