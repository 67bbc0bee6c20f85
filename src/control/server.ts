import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { bearerToken, secretEqual } from "../lib/secret-equal.ts";
import { isLoopbackHost } from "./address.ts";
import { sendJson } from "./http-messages.ts";
import type { ControlProvider } from "./provider.ts";
import { answerControl } from "./routes.ts";
import { listenOnSocketFile } from "./socket-file.ts";

export type ControlListen =
  { kind: "socket"; path: string } | { kind: "tcp"; host: string; port: number; token: string; tls?: ControlTls };

/** PEM texts that control is served with over TLS. */
export interface ControlTls {
  /** The certificate, and the chain after it. */
  cert: string;
  key: string;
  /** Authorities whose client certificates are accepted; absent: clients need none. */
  clientCa?: string;
}

export interface ControlServer {
  /** For TCP the bound port (useful with port 0); for a socket undefined. */
  readonly port: number | undefined;
  /** New handshakes use these; nothing happens where there was no TLS. Throws what OpenSSL says of bad texts. */
  renewCertificate(tls: ControlTls): void;
  /** Ends watch streams, closes connections, removes the socket file. */
  stop(): Promise<void>;
}

const serverLimits = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 30_000 };
const maxConnections = 128;

/**
 * Serves `provider` to the monitor and to commands on this host. A unix socket is protected by its mode 0600; TCP asks for
 * a bearer token, and beyond loopback for TLS as well, because the token would cross the network in the clear.
 * `onError` hears what goes wrong with the listening socket later (no file handles left, say): it goes on.
 * Throws `AppError`: `control-socket-in-use`, `control-path-taken`, `control-path-too-long`, `control-tls-needed`.
 */
export async function startControlServer(
  listen: ControlListen,
  provider: ControlProvider,
  clock: Clock,
  onError: (error: Error) => void,
): Promise<ControlServer> {
  const answer: RequestListener = (request, response) => void answerControl(request, response, provider, clock);
  const server = createServer(listen, listen.kind === "tcp" ? withToken(listen.token, answer) : answer);
  server.maxConnections = maxConnections;
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  let removeFile = () => {};
  if (listen.kind === "socket") removeFile = await listenOnSocketFile(server, listen.path);
  else await listenOnTcp(server, listen.host, listen.port);
  // Without a listener the next error of the socket would end the process that serves validators.
  server.on("error", onError);
  const address = server.address();
  return {
    port: typeof address === "object" ? address?.port : undefined,
    renewCertificate(tls) {
      if (server instanceof HttpsServer) server.setSecureContext(secureContext(tls));
    },
    async stop() {
      removeFile();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createServer(listen: ControlListen, answer: RequestListener): Server {
  if (listen.kind === "socket" || !listen.tls) {
    if (listen.kind === "tcp" && !isLoopbackHost(listen.host))
      throw new AppError(
        `open control on ${listen.host}:${listen.port}: beyond loopback it needs TLS. Give a certificate and key, or use a unix socket or 127.0.0.1.`,
        { code: "control-tls-needed" },
      );
    return createHttpServer(serverLimits, answer);
  }
  const asks = listen.tls.clientCa !== undefined;
  const demands = { requestCert: asks, rejectUnauthorized: asks, ALPNProtocols: ["http/1.1"] };
  // A client that never finishes its handshake is let go as one that never finishes its headers.
  const handshakeTimeout = serverLimits.headersTimeout;
  return createHttpsServer({ ...serverLimits, ...secureContext(listen.tls), ...demands, handshakeTimeout }, answer);
}

function secureContext({ cert, key, clientCa }: ControlTls): SecureContextOptions {
  return { cert, key, minVersion: "TLSv1.2", ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

function withToken(token: string, answer: RequestListener): RequestListener {
  if (token.length < 16)
    throw new AppError("open control on TCP: the token needs at least 16 characters", { code: "control-token-weak" });
  return (request, response) => {
    const given = bearerToken(request.headers.authorization);
    if (given !== undefined && secretEqual(given, token)) return void answer(request, response);
    sendJson(response, 401, {
      error: { code: "unauthorized", message: "Send the control token as `Authorization: Bearer …`." },
    });
  };
}

function listenOnTcp(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(new AppError(`open control on ${host}:${port}`, { code: "control-listen-failed", cause }));
    server.once("error", refuse);
    server.listen({ host, port, backlog: 64 }, () => (server.off("error", refuse), resolve()));
  });
}
