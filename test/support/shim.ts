import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One duty request as the validator client saw it. */
export interface SeenRequest {
  route: string;
  /** `Date.now()` of its first and its last byte. */
  startedAt: number;
  endedAt: number;
  /** 0 where the connection broke or was refused. */
  status: number;
  /** What a failed one was told, shortened. */
  problem: string;
  /** Path and query as sent, the media types asked for, and the sizes of both bodies: what a recording needs. */
  target: string;
  accept: string;
  headers?: IncomingMessage["headers"];
  requestBytes: number;
  answerBytes: number;
  /** The beginning of what a validator was given to sign; empty for other routes. */
  given: string;
}

export interface Shim {
  url: string;
  /** Everything but event streams, in order of their end. */
  seen: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** A plain pass-through between one validator client and what it talks to, which writes down what the client got. */
export async function startShim(targetUrl: string): Promise<Shim> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => forward(targetUrl, agent, seen, incoming, outgoing));
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function forward(
  target: string,
  agent: Agent,
  seen: SeenRequest[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const path = incoming.url ?? "/";
  const route = `${incoming.method} ${path.split("?")[0]?.replace(/\/(\d+|0x[0-9a-f]+)(?=\/|$)/g, "/{}")}`;
  const isStream = path.startsWith("/eth/v1/events");
  const isSigned = /attestation_data|blocks\/head\/root/.test(path);
  const startedAt = Date.now();
  let isDone = false;
  let requestBytes = 0;
  let answerBytes = 0;
  let given = "";
  incoming.on("data", (chunk: Buffer) => (requestBytes += chunk.length));
  const done = (status: number, problem = ""): void => {
    if (isDone || isStream) return;
    isDone = true;
    const sizes = {
      target: path,
      accept: incoming.headers.accept ?? "",
      headers: incoming.headers,
      requestBytes,
      answerBytes,
      given: given.slice(0, 400),
    };
    seen.push({ route, startedAt, endedAt: Date.now(), status, problem: problem.slice(0, 200), ...sizes });
  };
  const upstream = request(
    target + path,
    { method: incoming.method ?? "GET", headers: incoming.headers, agent },
    (answer) => {
      const status = answer.statusCode ?? 0;
      let problem = "";
      outgoing.writeHead(status, answer.headers);
      if (status >= 400) answer.on("data", (chunk) => (problem += String(chunk)));
      else if (isSigned) answer.on("data", (chunk) => (given += String(chunk)));
      answer.on("data", (chunk: Buffer) => (answerBytes += chunk.length));
      answer.on("end", () => done(status, problem));
      answer.on("error", (error) => (done(0, error.message), outgoing.destroy()));
      answer.pipe(outgoing);
    },
  );
  upstream.on("error", (error) => (done(0, error.message), outgoing.destroy()));
  // A client that gives up counts as a failed request: for it there was no answer.
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) done(0, "the client gave up");
    upstream.destroy();
  });
  incoming.pipe(upstream);
}

/** Answers that a validator client cannot use. 404 is the beacon API's "no aggregate here", and not counted. */
export function failedRequests(seen: readonly SeenRequest[]): SeenRequest[] {
  return seen.filter(({ status }) => status === 0 || status >= 500 || status === 429 || status === 408);
}

/**
 * Longest time, in milliseconds, from the start of the first request that the failure touched to the first good answer of
 * the same route. Block production is left out: it takes as long as its builder may take, with or without a failure.
 */
export function switchMs(seen: readonly SeenRequest[], failedAt: number, untilAt: number): number {
  const touched = seen.filter(
    ({ route, startedAt, endedAt }) =>
      endedAt >= failedAt && startedAt <= untilAt && !/validator\/(blinded_)?blocks/.test(route),
  );
  const byRoute = Map.groupBy(touched, ({ route }) => route);
  let longest = 0;
  for (const requests of byRoute.values()) {
    const firstAt = Math.min(...requests.map(({ startedAt }) => startedAt));
    const good = requests.filter(({ status }) => status >= 200 && status < 400).map(({ endedAt }) => endedAt);
    longest = Math.max(longest, (good.length > 0 ? Math.min(...good) : untilAt) - Math.max(firstAt, failedAt));
  }
  return longest;
}
