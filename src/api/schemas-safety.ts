import { instant, integer, list, object, oneOf, text, type Schema } from "./schema-words.ts";

const hold = object({ reason: text, by: text, at: instant });

const branch = object({
  root: text,
  slot: integer,
  nodes: list(text),
  support: { ...integer, description: "The smaller of its distinct consensus and distinct execution clients." },
  "justifiedEpoch?": integer,
  "finalizedEpoch?": integer,
});

const drain = object({
  node: text,
  by: text,
  at: instant,
  waitsFor: list(
    object({
      kind: oneOf("creator-lease", "proposal", "in-flight", "last-ready-node"),
      detail: text,
      "untilAt?": instant,
    }),
  ),
});

const fault = object({ id: text, node: text, kind: text, by: text, startedAt: instant, expiresAt: instant });

const refusal = object({
  at: instant,
  kind: oneOf("double-vote", "double-proposal", "surround-vote"),
  "validatorIndex?": integer,
  slot: integer,
  client: text,
});

/** What of a group's status says why signing is withheld, who is on the way out, and what a drill shows; all may be absent. */
export const groupSafety: Readonly<Record<string, Schema>> = {
  "hold?": hold,
  "sourceWatermark?": object({ epoch: integer, at: instant }),
  "branches?": list(branch),
  "chosenBranch?": object({ root: text, by: text, at: instant }),
  "drains?": list(drain),
  "faults?": list(fault),
  "tripwire?": object({ refused: integer, "last?": refusal }),
  "duplicateKey?": object({ at: instant, validatorIndex: integer, clients: list(text) }),
  "proposals?": list(object({ slot: integer, validatorIndex: integer })),
};
