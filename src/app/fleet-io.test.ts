import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startKeymanager, startRude, startWeb3signer, type KeyServer } from "../../test/support/key-servers.ts";
import { Secret } from "../fleet/secret.ts";
import { readSource } from "../fleet/sources/read-source.ts";
import type { ValidatorSource } from "../fleet/validator-sources.ts";
import { systemClock } from "../lib/clock.ts";
import { createFleetIo } from "./fleet-io.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;
const settings = { name: "vc1", labels: {}, metrics: undefined, refreshMs: 60_000 };
const signal = new AbortController().signal;

let folder: string;
let fleetIo: ReturnType<typeof createFleetIo>;
let servers: KeyServer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotkeeper-fleet-"));
  fleetIo = createFleetIo(systemClock);
  servers = [];
});
afterEach(async () => {
  await fleetIo.close();
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

async function started(server: Promise<KeyServer>): Promise<KeyServer> {
  servers.push(await server);
  return server;
}

const read = (source: ValidatorSource) => readSource(source, fleetIo.io, signal);

describe("files", () => {
  test("are read, and a missing file or a folder is told in words", async () => {
    const path = join(folder, "keys.txt");
    await writeFile(path, `${key(1)}\n`);
    expect(await read({ ...settings, kind: "text", path })).toMatchObject({
      ok: true,
      validators: [{ pubkey: key(1) }],
    });
    for (const [wrong, why] of [
      [join(folder, "nothing"), "there is no such file"],
      [folder, "it is a folder"],
    ] as const)
      expect(await read({ ...settings, kind: "csv", path: wrong })).toEqual({
        ok: false,
        error: { code: "source-unreadable", message: `read ${wrong}: ${why}` },
      });
  });

  test("that are too large are not read", async () => {
    const path = join(folder, "keys.txt");
    await writeFile(path, "12345\n");
    await expect(fleetIo.io.readText(path, 5, signal)).rejects.toMatchObject({ code: "EFBIG" });
  });

  test("have another stamp when written, replaced and removed", async () => {
    const path = join(folder, "keys.txt");
    const stamps = [await fleetIo.io.stampOf(path)];
    await writeFile(path, "1\n");
    stamps.push(await fleetIo.io.stampOf(path));
    await writeFile(join(folder, "next"), "2\n");
    await rename(join(folder, "next"), path);
    stamps.push(await fleetIo.io.stampOf(path));
    expect(new Set(stamps).size).toBe(3);
    expect(stamps[0]).toBe("missing");
  });
});

describe("a keymanager API", () => {
  const source = (url: string, token?: string): ValidatorSource => ({
    ...settings,
    kind: "keymanager",
    url,
    token: token === undefined ? undefined : new Secret(token, "env VC1_TOKEN"),
    headers: {},
  });

  test("lists a client's own keys and those of its signer", async () => {
    const server = await started(startKeymanager({ token: "t", keystores: [key(1)], remoteKeys: [key(2)] }));
    expect(await read(source(server.url, "t"))).toMatchObject({
      ok: true,
      validators: [
        { pubkey: key(1), held: "local" },
        { pubkey: key(2), held: "remote" },
      ],
      skipped: [],
    });
    expect(server.asked).toEqual(["GET /eth/v1/keystores", "GET /eth/v1/remotekeys"]);
  });

  test("may lack remote keys, and entries that are no key are told", async () => {
    const server = await started(startKeymanager({ token: "t", keystores: ["0x12", key(3)], remoteKeys: undefined }));
    expect(await read(source(server.url, "t"))).toMatchObject({
      ok: true,
      validators: [{ pubkey: key(3) }],
      skipped: ['keystores 1: "0x12" is not a key'],
    });
  });

  test.each([undefined, "wrong"])("refuses the token %s, which is told and not shown", async (token) => {
    const server = await started(startKeymanager({ token: "t", keystores: [], remoteKeys: [] }));
    const reading = await read(source(server.url, token));
    expect(reading).toMatchObject({ ok: false, error: { code: "source-unauthorized" } });
    expect(JSON.stringify(reading)).not.toContain("wrong");
  });

  test.each([
    [200, "<html>", "source-wrong-shape"],
    [200, "[]", "source-wrong-shape"],
    [200, "null", "source-wrong-shape"],
    [200, '{"data":{}}', "source-wrong-shape"],
    [302, "", "source-status"],
    [404, "{}", "source-status"],
    [500, "{}", "source-status"],
  ])("that answers %i %s fails clearly", async (status, body, code) => {
    const server = await started(startRude(status, body));
    expect(await read(source(server.url, "t"))).toMatchObject({ ok: false, error: { code } });
  });

  test.each(['{"data":[null,1,"a",{},{"validating_pubkey":5}]}'])(
    "lists %s: nothing is taken for a key",
    async (body) => {
      const server = await started(startRude(200, body));
      expect(await read(source(server.url, "t"))).toMatchObject({ ok: true, validators: [], skippedCount: 10 });
    },
  );

  test("that is not there is told", async () => {
    const server = await startKeymanager({ token: "t", keystores: [], remoteKeys: [] });
    await server.close();
    expect(await read(source(server.url, "t"))).toEqual({
      ok: false,
      error: { code: "source-unreachable", message: "list keystores of vc1: connection refused" },
    });
  });
});

describe("Web3Signer", () => {
  const source = (url: string, headers = {}): ValidatorSource => ({ ...settings, kind: "web3signer", url, headers });

  test("lists its keys, behind a password where one is set", async () => {
    const authorization = "Basic b3BzOnNlY3JldA==";
    const server = await started(startWeb3signer({ keys: [key(1), "junk"], authorization }));
    const secret = new Secret(authorization, "env SIGNER_AUTHORIZATION");
    expect(await read(source(server.url, { Authorization: secret }))).toMatchObject({
      ok: true,
      validators: [{ pubkey: key(1) }],
      skipped: ['item 2: "junk" is not a key'],
    });
    expect(await read(source(server.url))).toMatchObject({ ok: false, error: { code: "source-unauthorized" } });
  });

  test.each(['{"data":[]}', "5", '"0x12"'])("that answers %s fails clearly", async (body) => {
    const server = await started(startRude(200, body));
    expect(await read(source(server.url))).toMatchObject({ ok: false, error: { code: "source-wrong-shape" } });
  });
});
