import { coinOf } from "../model/amounts.ts";
import { networksOf } from "../model/slot-clock.ts";
import { useSnapshot } from "./queries.ts";

/** The coin of the first network that the groups agreed on. */
export function useCoin(): string {
  const { data } = useSnapshot();
  const [network] = data === undefined ? [] : networksOf([...data.gateways, ...data.observers]);
  return coinOf(network?.configName);
}
