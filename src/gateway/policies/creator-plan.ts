/** What kind of thing is published: that decides who can. */
export type PublishForm =
  /** Everything is in the body: any node can publish it. */
  | "full"
  /** The payload is with a relay, which the builder of the block knows best. */
  | "blinded"
  /** The payload and its blobs are only where the block was built (Gloas, stateful). */
  | "stateful";

/** Whom to ask first, who is held back, and how. */
export interface CreatorPlan {
  first: readonly string[];
  withheld: readonly string[];
  /** From the start, until those held back are asked although nobody failed, ms. */
  leadMs: number;
  isOneByOne: boolean;
}

/** Time that a full block's creator has before the other nodes publish it too, ms. */
const creatorLeadMs = 200;
/** A relay may need a second or two to reveal a payload; longer, and the creator counts as failed, ms. */
const revealMs = 2_000;

/**
 * Full blocks: the creator at once, the others shortly after; without a known creator (the client came from another
 * gateway) all at once. Blinded ones: the creator, the others one after the other on its failure. What only the creator
 * holds goes to it alone.
 */
export function planPublish(
  form: PublishForm,
  creator: string | undefined,
  nodes: readonly string[],
  budgetMs: number,
): CreatorPlan {
  const isKnown = creator !== undefined && nodes.includes(creator);
  const others = nodes.filter((node) => node !== creator);
  const [next, ...rest] = others;
  switch (form) {
    case "full":
      if (!isKnown) return { first: nodes, withheld: [], leadMs: 0, isOneByOne: false };
      return { first: [creator], withheld: others, leadMs: creatorLeadMs, isOneByOne: false };
    case "blinded":
    case "stateful": {
      const leadMs = Math.min(revealMs, budgetMs / 2);
      if (!isKnown) return { first: next === undefined ? [] : [next], withheld: rest, leadMs, isOneByOne: true };
      return { first: [creator], withheld: form === "stateful" ? [] : others, leadMs, isOneByOne: true };
    }
  }
}
