import { attestationStories } from "./attestation-stories.ts";
import { otherStories } from "./other-stories.ts";

export const causeStories = [...attestationStories, ...otherStories];
