import type { MatcherText } from "../alerts/expr/matcher.ts";
import type { GroupingSettings } from "../alerts/notice/types.ts";
import type { Rule } from "../alerts/rule.ts";
import type { Severity } from "../alerts/severity.ts";
import type { InhibitRule, Mute } from "../alerts/suppress/types.ts";
import type { EscalationPolicy } from "../oncall/escalation.ts";
import type { Contact, Person, Schedule } from "../oncall/types.ts";

/** Who hears of alert groups. The first route whose matchers fit all labels that the alerts of a group share is taken. */
export interface AlertRoute {
  /** Empty: every group. */
  matchers: readonly MatcherText[];
  /** Escalation policy that critical groups page by; `undefined`: nobody is paged. */
  policy: string | undefined;
  /** Team places (a Slack channel, a mail list) that are told, from `tellFrom` up. */
  tell: readonly Contact[];
  tellFrom: Severity;
}

/** Everything that a configuration says about alarms and people. */
export interface RespondSettings {
  rules: readonly Rule[];
  grouping: GroupingSettings;
  inhibitRules: readonly InhibitRule[];
  /** Maintenance windows of the configuration. */
  mutes: readonly Mute[];
  routes: readonly AlertRoute[];
  people: readonly Person[];
  schedules: readonly Schedule[];
  policies: readonly EscalationPolicy[];
  /** Pages that a person gets at once; then one more each `refillMs`, and what is over is told in one bundle. */
  throttle: { burst: number; refillMs: number };
  /** Other places to try for a person whose channel fails: all other contacts of theirs, then these. */
  fallbacks: readonly Contact[];
  /** Where this installation is reached by people: "https://slotkeeper.example"; links in messages begin with it. */
  publicUrl: string;
  /** An incident that nobody took is closed so long after its alerts ended, ms. */
  closeUntakenAfterMs: number;
}
