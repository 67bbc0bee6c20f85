import type { FastifyInstance } from "fastify";
import type { HostsPage, LogsPage } from "./contract-signals.ts";
import { instant, type Schema } from "./schema-words.ts";

export interface LogQuery {
  from?: number;
  to?: number;
  source?: string;
  node?: string;
  limit: number;
}

/** What the API shows of machines and logs; `app` joins it to what follows them. */
export interface SignalPorts {
  hosts(): HostsPage;
  logs(query: LogQuery): LogsPage;
}

const word: Schema = { type: "string", maxLength: 200 };
const limit: Schema = { type: "integer", minimum: 1, maximum: 1000, default: 100 };
/** The contract's types say what is in it; the document says where to look. */
const answers = (contractName: string): Record<number, Schema> => ({
  200: { type: "object", description: `\`${contractName}\` of the published contract.`, additionalProperties: true },
});

export function signalRoutes(app: FastifyInstance, ports: SignalPorts): void {
  app.get(
    "/api/v1/hosts",
    {
      schema: {
        summary: "Our machines: processor, memory, disks, clients' processes.",
        response: answers("HostsPage"),
      },
    },
    () => ports.hosts(),
  );
  app.get<{ Querystring: LogQuery }>(
    "/api/v1/logs",
    {
      schema: {
        summary: "How each log is read, and known lines of them, newest first.",
        querystring: { type: "object", properties: { from: instant, to: instant, source: word, node: word, limit } },
        response: answers("LogsPage"),
      },
    },
    ({ query }) => ports.logs(query),
  );
}
