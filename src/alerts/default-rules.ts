import { chainRules } from "./defaults/chain-rules.ts";
import { dutyRules } from "./defaults/duty-rules.ts";
import { hostRules } from "./defaults/host-rules.ts";
import { nodeRules } from "./defaults/node-rules.ts";
import { ownRules } from "./defaults/own-rules.ts";
import { securityRules } from "./defaults/security-rules.ts";
import type { Rule } from "./rule.ts";
import { rulesSchema, type RuleDocument } from "./rule-config.ts";

/** The rules that ship and are on, as a document that can be printed and copied. One more: a row in its table. */
export const defaultRuleDocument: RuleDocument = {
  groups: [
    { name: "duties", rules: dutyRules },
    { name: "chain", rules: chainRules },
    { name: "nodes", rules: nodeRules },
    { name: "security", rules: securityRules },
    { name: "hosts", rules: hostRules },
    { name: "slotkeeper", rules: ownRules },
  ],
};

export const defaultRules: readonly Rule[] = rulesSchema.parse(defaultRuleDocument);
