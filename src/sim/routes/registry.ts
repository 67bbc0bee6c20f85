import type { SimRoute } from "../node/types.ts";
import { attestationRoutes } from "./attestations.ts";
import { blockRoutes } from "./beacon-blocks.ts";
import { stateRoutes } from "./beacon-states.ts";
import { configRoutes } from "./config.ts";
import { dutyRoutes } from "./duties.ts";
import { nodeRoutes } from "./node.ts";
import { poolRoutes } from "./pools.ts";
import { preparationRoutes } from "./preparations.ts";
import { productionRoutes } from "./production.ts";
import { publishingRoutes } from "./publishing.ts";
import { rewardRoutes } from "./rewards.ts";
import { syncCommitteeRoutes } from "./sync-committee.ts";

/** Every route of the simulated node but the event stream. One more family is one file and one line. */
export const simRoutes: readonly SimRoute[] = [
  ...nodeRoutes,
  ...configRoutes,
  ...blockRoutes,
  ...stateRoutes,
  ...rewardRoutes,
  ...dutyRoutes,
  ...attestationRoutes,
  ...syncCommitteeRoutes,
  ...productionRoutes,
  ...preparationRoutes,
  ...poolRoutes,
  ...publishingRoutes,
];
