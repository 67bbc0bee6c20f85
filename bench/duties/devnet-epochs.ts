import { setTimeout as sleep } from "node:timers/promises";
import type { EpochResult } from "../../src/duties/types.ts";
import { startDevnet, type Devnet } from "../../testbed/src/devnet.ts";
import { compareState } from "./compare-state.ts";
import type { Loss, Victim } from "./devnet-losses.ts";
import { watchDevnet } from "./follow-devnet.ts";
import { readStateTruth } from "./state-truth.ts";

export interface DevnetExactness {
  checked: number;
  differences: number;
  /** Duties that were not perfect: with none, nothing was tested. */
  lost: number;
  epochs: number;
  /** Epochs whose full state the node would not give. */
  unread: number;
  losses: readonly string[];
}

/** Two nodes that things happen to, and one that nothing happens to: the follower reads that one, and it has the last word. */
const groups = { victims: 32, untouched: 64 };
const effectiveBalanceIncrement = 1_000_000_000;

/** Follows a real devnet over `epochs` epochs of losses and compares each judged epoch with the node's own full state. */
export async function checkDevnet(epochs: number, losses: readonly Loss[]): Promise<DevnetExactness> {
  const validators = 2 * groups.victims + groups.untouched;
  const devnet = await startDevnet({ validators, genesisDelaySeconds: 15 });
  try {
    const [bn1, bn2] = [devnet.node("bn1"), devnet.node("bn2")];
    const untouched = devnet.node("bn3");
    const victims = [bn1, bn2].map((node, at): Victim => {
      const firstIndex = at * groups.victims;
      const client = devnet.startValidatorClient({
        name: `vc${at + 1}`,
        ...{ firstIndex, lastIndex: firstIndex + groups.victims - 1, beaconNodeUrls: [node.url] },
      });
      return { node, client };
    });
    devnet.startValidatorClient({
      name: "vc3",
      ...{ firstIndex: 2 * groups.victims, lastIndex: validators - 1, beaconNodeUrls: [untouched.url] },
    });
    return await followAndCompare(devnet, victims, epochs, losses);
  } finally {
    await devnet.stop();
  }
}

async function followAndCompare(
  devnet: Devnet,
  victims: readonly Victim[],
  epochs: number,
  losses: readonly Loss[],
): Promise<DevnetExactness> {
  const { url } = devnet.node("bn3");
  /** The newest verdict on each epoch, and what came of comparing it. */
  const compared = new Map<number, Promise<ReturnType<typeof compareState> | undefined>>();
  const compare = async (result: EpochResult): Promise<ReturnType<typeof compareState> | undefined> => {
    const truth = await readStateTruth(url, result.headRoot).catch((error: unknown) => {
      console.log(`epoch ${result.epoch}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
    // With no block at all in N + 1 its state was never made, and none can be read.
    if (!truth || Math.floor(truth.slot / devnet.slotsPerEpoch) !== result.epoch + 1) return undefined;
    const found = compareState(result, truth, effectiveBalanceIncrement);
    const counts = `${found.checked} duties, ${found.lost} not perfect, ${found.differences.length} differences`;
    console.log(`epoch ${result.epoch} (${result.state}): ${counts}`);
    for (const line of found.differences.slice(0, 5)) console.log(`  DIFFERENT ${line}`);
    return found;
  };
  const onStored = (result: EpochResult): void => {
    // The final verdict on the same chain has the same columns; the node has let go of the state by then.
    if (result.state === "provisional") compared.set(result.epoch, compare(result));
  };

  const watched = await watchDevnet(devnet, devnet.node("bn3"), onStored);
  try {
    const played = playLosses(devnet, victims, losses, epochs - 1);
    await untilSlot(devnet, (epochs + 1) * devnet.slotsPerEpoch + 2);
    const names = await played;
    const all = await Promise.all(compared.values());
    const found = all.filter((one) => one !== undefined);
    if (watched.detail() !== "") console.log(`the follower says: ${watched.detail()}`);
    const sum = (of: (one: NonNullable<(typeof all)[number]>) => number) => found.reduce((n, one) => n + of(one), 0);
    return {
      checked: sum(({ checked }) => checked),
      differences: sum(({ differences }) => differences.length),
      lost: sum(({ lost }) => lost),
      epochs: found.length,
      unread: epochs - found.length,
      losses: names,
    };
  } finally {
    await watched.stop();
  }
}

/** Every loss in turn, each for a little over an epoch, with time to recover after it; on one victim and then the other. */
async function playLosses(
  devnet: Devnet,
  victims: readonly Victim[],
  losses: readonly Loss[],
  lastEpoch: number,
): Promise<string[]> {
  const played: string[] = [];
  await untilSlot(devnet, devnet.slotsPerEpoch + 2);
  const spanSlots = devnet.slotsPerEpoch + 1;
  for (let round = 0; ; round++) {
    const loss = losses[round % losses.length];
    const victim = victims[(round + Math.floor(round / losses.length)) % victims.length];
    if (!loss || !victim || devnet.currentSlot() + spanSlots > lastEpoch * devnet.slotsPerEpoch) return played;
    const slot = devnet.currentSlot() + 1;
    console.log(`slot ${slot}: ${loss.name} (${victim.node.name})`);
    await loss.play(devnet, victim, spanSlots);
    played.push(loss.name);
    await untilSlot(devnet, devnet.currentSlot() + devnet.slotsPerEpoch);
  }
}

async function untilSlot(devnet: Devnet, slot: number): Promise<void> {
  await sleep(Math.max(0, devnet.slotStartMs(slot) - Date.now()));
}
