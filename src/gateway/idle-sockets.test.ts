import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClientSockets } from "./client-sockets.ts";
import { createAdopter } from "./adopt-connections.ts";
import { idleSockets } from "./idle-sockets.ts";
import { defaultGatewaySettings } from "./settings.ts";

const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
let server: Server;
let accepted: Socket[];
let unanswered: ServerResponse[];
let clients: Socket[];
const tracked = () =>
  ({ idle: () => accepted, open: (socket: Socket) => accepted.push(socket) }) as unknown as ClientSockets;

beforeEach(async () => {
  [accepted, unanswered, clients] = [[], [], []];
  server = createServer({ headersTimeout: 80, requestTimeout: 80, connectionsCheckingInterval: 20 }, (req, res) => {
    if (req.url === "/wait") unanswered.push(res);
    else res.end("done");
  });
  server.on("connection", (socket: Socket) => accepted.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  for (const client of clients) client.destroy();
  server.close();
  server.closeAllConnections();
});

/** A connection on which `bytes` were sent and read, and an answer came if one was due. */
async function open(bytes: string, hasAnswer: boolean): Promise<{ client: Socket; socket: Socket }> {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
  clients.push(client);
  const [socket] = (await once(server, "connection")) as [Socket];
  client.write(bytes);
  if (hasAnswer) await once(client, "data");
  await expect.poll(() => socket.bytesRead).toBe(bytes.length);
  return { client, socket };
}

test("idle are connections with nothing under way and nothing read of the next request", async () => {
  const answered = await open(request, true);
  await open(request + "GET / HTTP/1.1\r\nHo", true);
  await open("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", false);
  await open("GET / HT", false);
  const fresh = await open("", false);
  expect(idleSockets([server], tracked())).toEqual([answered.socket, fresh.socket]);
});

test("asking which connections are idle leaves them as they are", async () => {
  const { client, socket } = await open(request, true);
  expect(idleSockets([server], tracked())).toEqual([socket]);
  expect(Object.hasOwn(socket, "destroy")).toBe(false);
  client.write(request);
  const [answer] = (await once(client, "data")) as [Buffer];
  expect(answer.toString()).toContain("200 OK");
});

test("an adopted connection may stay idle for longer than a new one, is answered, and may be passed on again", async () => {
  const adopter = createAdopter(server, tracked(), defaultGatewaySettings);
  const elsewhere = createNetServer().listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  const client = connect((elsewhere.address() as AddressInfo).port, "127.0.0.1");
  clients.push(client);
  const [socket] = (await once(elsewhere, "connection")) as [Socket];
  adopter.adopt(socket);
  const stranger = await open("", false);
  await once(stranger.client.resume(), "close");
  client.write(request);
  const [answer] = (await once(client, "data")) as [Buffer];
  expect(answer.toString()).toContain("200 OK");
  expect(idleSockets([server, adopter.server], tracked())).toEqual([socket]);
  adopter.stop();
  elsewhere.close();
});
