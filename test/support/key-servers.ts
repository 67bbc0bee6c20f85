import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stand-ins for the keymanager API of a validator client and for Web3Signer, with the rights and errors that they document. */
export interface KeyServer {
  url: string;
  /** What was asked, in order: "GET /eth/v1/keystores". */
  asked: string[];
  close(): Promise<void>;
}

export interface KeymanagerState {
  token: string;
  keystores: string[];
  /** `undefined`: the client does not know the route. */
  remoteKeys: string[] | undefined;
}

/** Keymanager API: 401 without a token, 403 with a wrong one, `{"message": …}` as the body of errors. */
export function startKeymanager(state: KeymanagerState): Promise<KeyServer> {
  return start((request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return json(response, 401, { message: "missing token" });
    if (authorization !== `Bearer ${state.token}`) return json(response, 403, { message: "wrong token" });
    if (request.method === "GET" && request.url === "/eth/v1/keystores")
      return json(response, 200, {
        data: state.keystores.map((key) => ({
          validating_pubkey: key,
          derivation_path: "m/12381/3600/0/0/0",
          readonly: false,
        })),
      });
    if (request.method === "GET" && request.url === "/eth/v1/remotekeys" && state.remoteKeys)
      return json(response, 200, {
        data: state.remoteKeys.map((key) => ({ pubkey: key, url: "https://signer.example.org", readonly: true })),
      });
    return json(response, 404, { message: "not found" });
  });
}

/** Web3Signer: a plain list of keys; with `authorization`, a proxy before it asks for that header. */
export function startWeb3signer(state: { keys: string[]; authorization?: string }): Promise<KeyServer> {
  return start((request, response) => {
    if (state.authorization !== undefined && request.headers.authorization !== state.authorization)
      return json(response, 401, {});
    if (request.method === "GET" && request.url === "/api/v1/eth2/publicKeys") return json(response, 200, state.keys);
    return json(response, 404, {});
  });
}

/** A server that answers every request with this status and text, for whatever a server should not say. */
export function startRude(status: number, body: string): Promise<KeyServer> {
  return start((_request, response) => {
    response.statusCode = status;
    response.setHeader("content-type", "application/json");
    response.end(body);
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

async function start(respond: (request: IncomingMessage, response: ServerResponse) => void): Promise<KeyServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
