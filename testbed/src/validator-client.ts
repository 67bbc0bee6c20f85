import type { ClientProcess } from "./client-process.ts";
import type { ValidatorClient, ValidatorClientOptions } from "./devnet-types.ts";

/** A validator client over its process; the process is given, not started. */
export function createValidatorClient(client: ClientProcess, options: ValidatorClientOptions): ValidatorClient {
  return {
    name: client.name,
    logFile: client.logFile,
    logLines: client.logLines,
    kill: client.kill,
    stop: client.stop,
    freeze: client.freeze,
    thaw: client.thaw,
    get pid() {
      return client.pid;
    },
    get isUp() {
      return client.isUp;
    },
    get isFrozen() {
      return client.isFrozen;
    },
    firstIndex: options.firstIndex,
    lastIndex: options.lastIndex,
    beaconNodeUrls: options.beaconNodeUrls,
    restart: async () => {
      await client.kill();
      client.start();
    },
  };
}
