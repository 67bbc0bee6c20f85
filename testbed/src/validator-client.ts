import { asClient, type ClientProcess } from "./client-process.ts";
import type { ValidatorClient, ValidatorClientOptions } from "./devnet-types.ts";

/** A validator client over its process; the process is given, not started. */
export function createValidatorClient(client: ClientProcess, options: ValidatorClientOptions): ValidatorClient {
  return asClient(client, {
    firstIndex: options.firstIndex,
    lastIndex: options.lastIndex,
    beaconNodeUrls: options.beaconNodeUrls,
    restart: async () => {
      await client.kill();
      client.start();
    },
  });
}
