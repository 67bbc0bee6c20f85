import { checkDevnet, type DevnetExactness } from "./duties/devnet-epochs.ts";
import { lossesNamed } from "./duties/devnet-losses.ts";
import { checkGeneratedChains } from "./duties/generated-chains.ts";
import type { BenchmarkOptions } from "./registry.ts";

/**
 * Every flag of every validator against two judges that are not ours: the full states of a real node on a devnet with losses,
 * and the specification's own state transition on random chains of each fork.
 */
export async function run({ isQuick, flags }: BenchmarkOptions): Promise<Record<string, unknown>> {
  const part = flags["part"] ?? "both";
  const chainsOfKind = Number(flags["chains"] ?? (isQuick ? 2 : 40));
  // Without --seed each run plays other chains; the seed is in every line that tells of a difference.
  const seed = Number(flags["seed"] ?? Math.floor(Date.now() / 1000));
  const epochs = Number(flags["epochs"] ?? (isQuick ? 6 : 20));
  const isOn = (name: string): boolean => part === "both" || part === name;

  const generated = isOn("generated") ? await checkGeneratedChains(chainsOfKind, seed) : undefined;
  // A quick run keeps below a minute: six epochs of a devnet would not fit.
  const hasDevnet = isOn("devnet") && (!isQuick || flags["part"] === "devnet");
  const devnet: DevnetExactness | undefined = hasDevnet
    ? await checkDevnet(epochs, lossesNamed(flags["losses"]))
    : undefined;
  return {
    checked: (generated?.checked ?? 0) + (devnet?.checked ?? 0),
    differences: (generated?.differences ?? 0) + (devnet?.differences ?? 0),
    generated: generated && { ...generated, seed },
    devnet,
  };
}
