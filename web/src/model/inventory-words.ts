import type { FleetPage } from "../../../src/api/contract-duties.ts";
import { shortKey } from "./duty-words.ts";
import { formatCount, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";
import { worstFirst, type ReasonText, type ToldFact } from "./told-fact.ts";

const kinds: Readonly<Record<FleetPage["sources"][number]["kind"], string>> = {
  list: "in the configuration",
  text: "text file",
  csv: "CSV file",
  keymanager: "validator client",
  web3signer: "Web3Signer",
  postgres: "PostgreSQL",
};

/** Where validators are read from, those that fail first. */
export function sourceFacts({ sources }: FleetPage, reasonOf: ReasonText): readonly ToldFact[] {
  return worstFirst(
    sources.map(({ name, kind, readAt, validators, error, skipped }) => {
      const left = skipped.length === 0 ? "" : `, ${plural(skipped.length, "line")} left out`;
      const failed = error === undefined ? "" : `, ${reasonOf(error.code).short}`;
      return {
        key: name,
        tone: error !== undefined ? (readAt === undefined ? "bad" : "warn") : skipped.length > 0 ? "warn" : "fine",
        name,
        words: `${kinds[kind]}: ${plural(validators, "validator")}${left}${failed}`,
        at: readAt,
        lines: [
          ...(error === undefined ? [] : [error.message, reasonOf(error.code).long].filter((line) => line !== "")),
          ...skipped,
        ],
      };
    }),
  );
}

/** Expected against loaded keys of each validator client and signer, the most dangerous first. */
export function keyFacts({ keys }: FleetPage): readonly ToldFact[] {
  return worstFirst(
    keys
      .toSorted((a, b) => b.counts.doubled - a.counts.doubled)
      .map((place) => {
        const { counts, loaded, expected, missing, unexpected, doubled, error } = place;
        const parts = [
          counts.doubled > 0 ? `${formatCount(counts.doubled)} ALSO LOADED ELSEWHERE` : "",
          counts.missing > 0 ? `${formatCount(counts.missing)} missing` : "",
          counts.unexpected > 0 ? `${formatCount(counts.unexpected)} unexpected` : "",
        ].filter((part) => part !== "");
        const found = loaded === undefined ? "cannot be read" : `${formatCount(loaded)} loaded`;
        return {
          key: `${place.kind} ${place.place}`,
          tone: toneOf(place),
          name: place.place,
          words: `${place.kind === "signer" ? "signer" : "validator client"}: ${[`${formatCount(expected)} expected`, found, ...parts].join(", ")}`,
          at: place.checkedAt,
          lines: [
            ...(error === undefined ? [] : [error.message]),
            ...doubled.map(({ pubkey, places }) => `Doubled: ${pubkey} in ${places.join(" and ")}`),
            ...listed("Missing, attests nowhere", missing, counts.missing),
            ...listed("Unexpected, no list names it here", unexpected, counts.unexpected),
          ],
        };
      }),
  );
}

function toneOf({ counts, loaded }: FleetPage["keys"][number]): Tone {
  if (counts.doubled > 0) return "bad";
  if (loaded === undefined) return "unknown";
  return counts.missing > 0 ? "bad" : counts.unexpected > 0 ? "warn" : "fine";
}

function listed(word: string, keys: readonly string[], count: number): readonly string[] {
  const more = count - keys.length;
  return [...keys.map((key) => `${word}: ${key}`), ...(more > 0 ? [`and ${formatCount(more)} more`] : [])];
}

/** Weaknesses of the inventory itself. */
export function findingFacts({ findings }: FleetPage, reasonOf: ReasonText): readonly ToldFact[] {
  return findings.map(({ reason, about, validators, detail }) => ({
    key: `${reason} ${about}`,
    tone: "warn",
    name: about,
    words: `${reasonOf(reason).short}${validators > 0 ? `, ${plural(validators, "validator")}` : ""}`,
    at: undefined,
    lines: [detail, reasonOf(reason).long].filter((line) => line !== ""),
  }));
}

/** "64 active ongoing, 2 exited": how many of each status, the most first. */
export const statusWords = ({ statuses, withoutIndex }: FleetPage): string =>
  [
    ...Object.entries(statuses)
      .toSorted(([, a], [, b]) => b - a)
      .map(([status, count]) => `${formatCount(count)} ${status.replaceAll("_", " ")}`),
    ...(withoutIndex > 0 ? [`${formatCount(withoutIndex)} not on the chain yet`] : []),
  ].join(", ");

/** Keys that are loaded in two places, each once, with where. */
export function doubledKeys({
  keys,
}: FleetPage): readonly { name: string; pubkey: string; places: readonly string[] }[] {
  const found = new Map(keys.flatMap(({ doubled }) => doubled.map((each) => [each.pubkey, each.places] as const)));
  return [...found].map(([pubkey, places]) => ({ name: shortKey(pubkey), pubkey, places }));
}
