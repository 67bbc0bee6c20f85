import { connect } from "node:net";
import { Registry } from "prom-client";
import type { EvidenceRecord } from "../../control/types.ts";
import { systemClock, type Clock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { createRing, type Ring } from "../../lib/ring.ts";
import type { TlsTexts } from "../http/tls.ts";
import type { GatewaySettings } from "../settings.ts";
import { startGatewayGroup } from "../start-gateway-group.ts";
import type { GatewayGroup } from "../types.ts";
import { createFakeUpstream, type FakeUpstream } from "./fake-upstream.ts";
import { startFakeNode, type FakeNode } from "./fake-node.ts";

/** A gateway on loopback with fake nodes a, b, c … behind it. */
export interface TestGateway {
  gateway: GatewayGroup;
  upstream: FakeUpstream;
  nodes: FakeNode[];
  evidence: Ring<EvidenceRecord>;
  metrics: Registry;
  url: string;
  /** Sends bytes as they are and resolves with all that came back when the other side closes, or `until` matches. */
  raw(bytes: string | readonly string[], until?: (text: string) => boolean): Promise<string>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  nodes: readonly FakeNode["answer"][];
  settings?: Partial<GatewaySettings>;
  replayStorePath?: string;
  tls?: TlsTexts;
  /** Instead of the machine's. */
  clock?: Clock;
  /** Instead of a, b, c … */
  names?: readonly string[];
}

export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const nodes = await Promise.all(options.nodes.map(startFakeNode));
  const names = options.names ?? nodes.map((_, index) => String.fromCharCode(97 + index));
  const clock = options.clock ?? systemClock;
  const upstream = createFakeUpstream(clock, names);
  const evidence = createRing<EvidenceRecord>(100);
  const metrics = new Registry();
  const gateway = await startGatewayGroup({
    name: "test",
    listen: { host: "127.0.0.1", port: 0 },
    upstream,
    nodes: nodes.map((node, index) => ({
      name: names[index] as string,
      url: node.url,
      headers: { "x-node-key": "secret" },
    })),
    clock,
    random: () => 0.5,
    log: silentLogger,
    metrics,
    evidence,
    settings: options.settings ?? {},
    gatewayVersion: "0.1.0",
    ...(options.tls && { tls: options.tls }),
    ...(options.replayStorePath === undefined ? {} : { replayStorePath: options.replayStorePath }),
  });
  const { host, port } = gateway.address;
  return {
    gateway,
    upstream,
    nodes,
    evidence,
    metrics,
    url: `${options.tls ? "https" : "http"}://${host}:${port}`,
    raw: (bytes, until = () => false) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, host);
        let text = "";
        socket.setEncoding("latin1");
        socket.on("error", (error: NodeJS.ErrnoException) =>
          error.code === "ECONNRESET" ? resolve(text) : reject(error),
        );
        socket.on("close", () => resolve(text));
        socket.on("data", (chunk: string) => {
          text += chunk;
          if (until(text)) socket.destroy();
        });
        for (const part of typeof bytes === "string" ? [bytes] : bytes) socket.write(part, "latin1");
      }),
    async stop() {
      await gateway.stop();
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
