import type { Snapshot } from "../../../src/api/contract.ts";
import { coinOf } from "../model/amounts.ts";
import { networksOf } from "../model/slot-clock.ts";
import { useSnapshotPart } from "./queries.ts";

const coin = ({ gateways, observers }: Snapshot): string =>
  coinOf(networksOf([...gateways, ...observers])[0]?.configName);

/** The coin of the first network that the groups agreed on. */
export const useCoin = (): string => useSnapshotPart(coin) ?? coinOf(undefined);
