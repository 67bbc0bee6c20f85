import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loadConfig, requireConfig } from "./load.ts";
import type { ReadFile } from "./secrets.ts";

/** A file system of a few texts. */
function disk(files: Record<string, string>): ReadFile {
  return (path) => {
    const text = files[path];
    return text === undefined
      ? Promise.reject(Object.assign(new Error("no"), { code: "ENOENT" }))
      : Promise.resolve(text);
  };
}

const path = "/etc/slotkeeper/slotkeeper.yaml";
const good = "nodes: [{ name: bn1, url: http://127.0.0.1:5052 }]\n";

test("the smallest file gets every default, with paths relative to its folder", async () => {
  const { config, revision, files } = await loadConfig(path, {}, disk({ [path]: good }));
  expect(config).toMatchObject({
    profile: "solo",
    network: { kind: "auto" },
    groups: [{ name: "default", listen: { host: "127.0.0.1", port: 7381 }, members: [{ node: "bn1", priority: 0 }] }],
    references: [],
    feeRecipients: [],
    server: { listen: { host: "127.0.0.1", port: 7380 }, dataFolder: "/etc/slotkeeper/data", logLevel: "info" },
    gateway: {
      control: { socket: "/etc/slotkeeper/data/gateway.sock", remote: undefined },
      allowDebugRoutes: false,
    },
    monitor: { gateways: [{ kind: "socket", path: "/etc/slotkeeper/data/gateway.sock" }] },
    store: { kind: "sqlite", path: "/etc/slotkeeper/data/slotkeeper.db" },
  });
  expect(revision).toBe(createHash("sha256").update(good).digest("hex").slice(0, 12));
  expect(files).toEqual([path]);
});

test("a known network brings its genesis validators root", async () => {
  const { config } = await loadConfig(path, {}, disk({ [path]: `${good}network: hoodi` }));
  expect(config?.network).toMatchObject({ kind: "known", name: "hoodi", genesisForkVersion: "0x10000910" });
});

const withSecrets = `${good.trim().replace(" }", ", headers: { Authorization: { env: BN1 }, X-Api-Key: plain-key } }")}
server: { apiToken: { file: token } }
gateway: { control: { listen: 127.0.0.1:7382, token: { env: CONTROL } } }
store: { database: { env: DB } }
`;

test("secrets come from the environment and from files, and print as ***", async () => {
  const env = { BN1: "Bearer secret-one", CONTROL: "secret-two", DB: "postgres://u:secret-three@db/s" };
  const { config, files } = await loadConfig(
    path,
    env,
    disk({ [path]: withSecrets, "/etc/slotkeeper/token": "secret-four\n" }),
  );
  expect(config?.server.apiToken?.reveal()).toBe("secret-four");
  expect(config?.gateway.control.remote?.token.reveal()).toBe("secret-two");
  // Whoever is on the same host needs neither the port nor the token.
  expect(config?.monitor.gateways).toMatchObject([{ kind: "socket", path: "/etc/slotkeeper/data/gateway.sock" }]);
  expect(config?.store.kind).toBe("postgres");
  expect(files).toEqual([path, "/etc/slotkeeper/token"]);
  const printed = JSON.stringify(config) + inspect(config, { depth: 9 });
  expect(printed).toContain("***");
  expect(printed).not.toMatch(/secret-|plain-key/);
});

test("every secret that cannot be had is told at its place", async () => {
  const { config, problems } = await loadConfig(path, { BN1: "", DB: "mysql://x" }, disk({ [path]: withSecrets }));
  expect(config).toBeUndefined();
  expect(problems.map(({ line, code, path: at, message }) => `${line} ${code} ${at}: ${message}`)).toEqual([
    "1 missing-env nodes[0].headers.Authorization: the environment variable BN1 is empty",
    "2 missing-file server.apiToken: the secret file /etc/slotkeeper/token cannot be read: there is no such file",
    "3 missing-env gateway.control.token: the environment variable CONTROL is not set",
    '4 bad-secret-value store.database: the database URL from env DB starts with neither "sqlite:" nor "postgres://"',
  ]);
});

test("a secret of several lines is refused: it would end a header", async () => {
  const text = `${good}server: { apiToken: { file: token } }`;
  const { problems } = await loadConfig(path, {}, disk({ [path]: text, "/etc/slotkeeper/token": "a\nb" }));
  expect(problems[0]).toMatchObject({ code: "bad-secret-value", line: 2, path: "server.apiToken" });
});

test("the database may come from SLOTKEEPER_DATABASE_URL, and the file wins over it", async () => {
  const env = { SLOTKEEPER_DATABASE_URL: "postgres://u:p@db/s" };
  const fromEnv = await loadConfig(path, env, disk({ [path]: good }));
  expect(fromEnv.config?.store.kind).toBe("postgres");
  const fromFile = await loadConfig(path, env, disk({ [path]: `${good}store: { database: "sqlite:x.db" }` }));
  expect(fromFile.config?.store).toEqual({ kind: "sqlite", path: "/etc/slotkeeper/x.db" });
});

test("a socket path that the system would cut off is refused", async () => {
  const { problems } = await loadConfig(
    path,
    {},
    disk({ [path]: `${good}server: { dataFolder: /${"d".repeat(100)} }` }),
  );
  expect(problems[0]).toMatchObject({ code: "path-too-long", path: "gateway.control.socket" });
});

test("a file that cannot be read is a problem that says what to do", async () => {
  const { problems, revision } = await loadConfig("nope.yaml", {}, disk({}));
  expect(problems).toMatchObject([{ code: "unreadable-file", file: "nope.yaml", line: 1 }]);
  expect(problems[0]?.fix).toContain("slotkeeper config init");
  expect(revision).toBe("");
});

test("commands that cannot go on get one error with every problem", async () => {
  const failing = requireConfig(path, {}, disk({ [path]: "nodes: []\nx: 1\n" }));
  await expect(failing).rejects.toMatchObject({ code: "config-invalid" });
  await expect(failing).rejects.toThrow(/2 problems\n.*:1:8: nodes: .*\n.*:2:1: x: /);
});
