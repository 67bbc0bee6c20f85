import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process holds after garbage collection, bytes. */
export interface HeapReading {
  /** Objects of JavaScript. */
  heapUsed: number;
  /** Buffers and the like, outside of the heap. */
  external: number;
  rss: number;
}

export interface HeapProbe {
  /** Set for the processes that are to be measured. */
  readonly env: Readonly<Record<string, string>>;
  /** Of all these processes together. */
  read(pids: readonly number[]): Promise<HeapReading>;
  close(): void;
}

export function createHeapProbe(): HeapProbe {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-heap-"));
  const countOf = (pid: number) => parse(folder, pid)?.count ?? 0;

  async function readOne(pid: number): Promise<HeapReading> {
    const before = countOf(pid);
    process.kill(pid, "SIGURG");
    for (const end = performance.now() + 10_000; performance.now() < end; await sleep(20))
      if (countOf(pid) > before) return parse(folder, pid) as HeapReading;
    throw new Error(`process ${pid} does not tell its heap`);
  }

  return {
    env: {
      NODE_OPTIONS: `--import ${new URL("./heap-probe.ts", import.meta.url).href}`,
      SLOTKEEPER_HEAP_PROBE: folder,
    },
    async read(pids) {
      const readings = await Promise.all(pids.map(readOne));
      const sum = (key: keyof HeapReading) => readings.reduce((total, one) => total + one[key], 0);
      return { heapUsed: sum("heapUsed"), external: sum("external"), rss: sum("rss") };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function parse(folder: string, pid: number): (HeapReading & { count: number }) | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `${pid}.json`), "utf8")) as HeapReading & { count: number };
  } catch {
    return undefined;
  }
}

/** Open file descriptors of a process, without its connections to these ports. */
export function openFds(pid: number, exceptPorts: ReadonlySet<number> = new Set()): number {
  const inodes = new Set<string>();
  for (const line of exceptPorts.size === 0 ? [] : readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n")) {
    const [, , remote = "", , , , , , , inode = ""] = line.trim().split(/\s+/);
    if (exceptPorts.has(Number.parseInt(remote.split(":")[1] ?? "", 16))) inodes.add(`socket:[${inode}]`);
  }
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => !inodes.has(linkOf(`/proc/${pid}/fd/${fd}`))).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
