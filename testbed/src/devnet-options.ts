import { DevnetError } from "./devnet-error.ts";
import type { ClientLogLevel, DevnetOptions, ValidatorClientOptions } from "./devnet-types.ts";

export type DevnetSettings = {
  nodes: number;
  validators: number;
  slotDurationSeconds: number;
  genesisDelaySeconds: number;
  runFolder: string | null;
  keepRunFolder: boolean;
  logs: ClientLogLevel;
};

/** Fills in the defaults; throws a `DevnetError` naming the option that is out of range. */
export function readDevnetOptions(options: DevnetOptions): DevnetSettings {
  return {
    nodes: wholeNumber("nodes", options.nodes ?? 3, 1, 16),
    validators: wholeNumber("validators", options.validators ?? 64, 8, 4096),
    slotDurationSeconds: wholeNumber("slotDurationSeconds", options.slotDurationSeconds ?? 4, 1, 60),
    genesisDelaySeconds: wholeNumber("genesisDelaySeconds", options.genesisDelaySeconds ?? 10, 1, 600),
    runFolder: options.runFolder ?? null,
    keepRunFolder: options.keepRunFolder ?? false,
    logs: options.logs ?? "info",
  };
}

export function checkValidatorClient(
  options: ValidatorClientOptions,
  validators: number,
  taken: readonly string[],
): void {
  const what = `Start validator client ${options.name}`;
  if (!/^[a-z][a-z0-9-]*$/.test(options.name)) {
    throw new DevnetError("bad-option", `${what}: a name is lower-case letters, digits and hyphens`);
  }
  if (taken.includes(options.name)) throw new DevnetError("bad-option", `${what}: that name is taken`);
  wholeNumber("firstIndex", options.firstIndex, 0, validators - 1);
  wholeNumber("lastIndex", options.lastIndex, options.firstIndex, validators - 1);
  if (options.beaconNodeUrls.length === 0) throw new DevnetError("bad-option", `${what}: beaconNodeUrls is empty`);
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new DevnetError("bad-option", `${name} must be a whole number from ${least} to ${most}, not ${value}`);
}
