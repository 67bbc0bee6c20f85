import { fork } from "node:child_process";
import { once } from "node:events";
import type { ForkName } from "../../src/chain/types.ts";
import type { SimNodeQuirks } from "../../src/sim/node/types.ts";
import type { PresetName } from "../../src/sim/preset.ts";

/** Everything is optional; the defaults make a small chain of three epochs. Shares are of all validators, each epoch anew. */
export interface SimChildOptions {
  /** Default `mainnet`. */
  preset?: PresetName;
  /** Default 64. */
  validators?: number;
  /** Default `fulu`. */
  fork?: ForkName;
  /** The chain is known from this epoch on. Default 0. */
  firstEpoch?: number;
  /** How many epochs there are at the start. Default 3. */
  epochsOld?: number;
  slotDurationMs?: number;
  /** `manual`: time stands still until `advance`. Default `system`. */
  clock?: "system" | "manual";
  payloadBytes?: number;
  aggregates?: number;
  repeats?: number;
  missShare?: number;
  lateShare?: number;
  wrongHeadShare?: number;
  /** Share of empty slots. */
  missedSlots?: number;
  nodes?: number;
  rememberedRequests?: number;
  quirks?: Partial<SimNodeQuirks>;
}

export interface SimChildStart {
  urls: readonly string[];
  genesisTimeMs: number;
  slotDurationMs: number;
  slotsPerEpoch: number;
  firstSlot: number;
  /** Now. */
  slot: number;
}

export type SimChildMessage = { kind: "advance"; slots: number } | { kind: "report" };

export interface SimChildReport {
  slot: number;
  nowMs: number;
  rssBytes: number;
  cpuMs: number;
}

export interface SimChild extends SimChildStart {
  readonly pid: number;
  /** Moves a manual clock on. */
  advance(slots: number): Promise<SimChildReport>;
  report(): Promise<SimChildReport>;
  stop(): Promise<void>;
}

/** A million validators on mainnet, their blocks of the usual size: 8 aggregates of 64 committees in some 130 kB. */
export const mainnetOptions: SimChildOptions = {
  preset: "mainnet",
  validators: 1_000_000,
  firstEpoch: 420_000,
  epochsOld: 3,
  clock: "manual",
  payloadBytes: 95_000,
  aggregates: 4,
  repeats: 4,
  missShare: 0.005,
  lateShare: 0.005,
  wrongHeadShare: 0.005,
};

/** Starts the chain in a process of its own; resolves when its nodes listen. Rejects when it ends before. */
export async function startSimChain(options: SimChildOptions): Promise<SimChild> {
  const child = fork(new URL("sim-chain-child.ts", import.meta.url), [JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    // A test's own settings for its process (a debugger, a reporter) are not the child's.
    execArgv: [],
  });
  let text = "";
  const start = await new Promise<SimChildStart>((resolve, reject) => {
    child.once("exit", (status) => reject(new Error(`start a simulated chain: its process ended with ${status}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(JSON.parse(text) as SimChildStart);
    });
  });

  async function ask(message: SimChildMessage): Promise<SimChildReport> {
    const answer = once(child, "message") as Promise<[SimChildReport]>;
    child.send(message);
    return (await answer)[0];
  }

  return {
    ...start,
    pid: child.pid ?? 0,
    advance: (slots) => ask({ kind: "advance", slots }),
    report: () => ask({ kind: "report" }),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
