import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DevnetError } from "./devnet-error.ts";
import { cacheFolder, genesisProgram, lodestarEnv, withHook } from "./lodestar.ts";

/**
 * Genesis state and configuration for this number of validators and slot length, made once and kept: nothing in the
 * state depends on the genesis time but the time itself. Resolves to their folder.
 */
export async function ensureGenesis(
  validators: number,
  slotDurationSeconds: number,
  signal?: AbortSignal,
): Promise<string> {
  const folder = join(cacheFolder, `genesis-${validators}-${slotDurationSeconds}s`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  // Made aside and renamed, so that another devnet starting at the same time never sees half of it.
  const draft = await mkdtemp(join(cacheFolder, "draft-"));
  const args = withHook(genesisProgram, [draft, String(validators), String(slotDurationSeconds)]);
  const env = { ...process.env, ...lodestarEnv };
  try {
    await promisify(execFile)(process.execPath, args, {
      env,
      timeout: 60_000,
      ...(signal === undefined ? {} : { signal }),
    });
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DevnetError("client-ended", `Generate genesis for ${validators} validators failed`, cause);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Copies a cached genesis to `networkFolder` and sets its time (Unix seconds). */
export async function writeNetwork(cached: string, networkFolder: string, genesisTime: number): Promise<void> {
  await mkdir(networkFolder, { recursive: true });
  const state = await readFile(join(cached, "genesis.ssz"));
  await copyFile(join(cached, "config.yaml"), join(networkFolder, "config.yaml"));
  await writeFile(join(networkFolder, "genesis.ssz"), withGenesisTime(state, genesisTime));
}

/** `genesis_time` is the first field of every BeaconState: a little-endian uint64 at offset 0 of its SSZ. */
export function withGenesisTime(state: Buffer, genesisTime: number): Buffer {
  const copy = Buffer.from(state);
  copy.writeBigUInt64LE(BigInt(genesisTime), 0);
  return copy;
}
