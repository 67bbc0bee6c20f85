import { defineReasons } from "../lib/reason.ts";

/** Who is on call and why, what is wrong with schedules and policies, and how an escalation went on. */
export const onCallReasons = defineReasons({
  "on-call-by-rotation": { short: "by rotation", long: "The rotation of the topmost layer that has somebody." },
  "on-call-by-override": { short: "by override", long: "An override or a swap names this person for this time." },
  "no-layer-in-effect": {
    short: "nobody: no layer in effect",
    long: "No layer of the schedule is in effect at this time. Give it a rotation, or an override.",
  },
  "outside-all-windows": {
    short: "nobody: outside all windows",
    long: "Every layer in effect is restricted to other hours. Add a layer below them that covers all hours.",
  },
  "rotation-empty": {
    short: "nobody: rotation is empty",
    long: "The only rotation in effect names nobody. Add people to it.",
  },
  "schedule-unknown": {
    short: "unknown schedule",
    long: "An escalation policy names a schedule that does not exist. Correct the name, or create the schedule.",
  },
  "person-unknown": {
    short: "unknown person",
    long: "A rotation, an override or an escalation policy names somebody who is not among the people. Nothing can be sent to them.",
  },
  "person-without-contact": {
    short: "no contact",
    long: "This person has no channel on which a page could arrive. Add a contact.",
  },
  "person-alone": {
    short: "alone in a rotation",
    long: "One person is the whole rotation, with nobody to hand over to. Add a second person.",
  },
  "schedule-gap": {
    short: "nobody on call",
    long: "At some time in the coming days nobody is on call on this schedule. Add an override, or a layer that covers it.",
  },
  "layer-not-readable": {
    short: "layer or person cannot be read",
    long: "A time, a time zone or a rotation is not valid, so that nobody can be worked out from it. The detail says which.",
  },
  "policy-without-step": {
    short: "policy has no step",
    long: "An escalation by this policy would page nobody at all. Add a step.",
  },
  "policy-ends-at-nobody": {
    short: "policy may end at nobody",
    long: "At some time the last step of this policy reaches nobody. End it with a schedule without gaps or with a person who has a contact.",
  },
  "page-sent": { short: "paged", long: "The step of the policy was due, and this person is to be paged." },
  "paged-already": {
    short: "paged a moment ago",
    long: "Another target of the same sweep has already named this person: one page is enough.",
  },
  "step-reached-nobody": {
    short: "step reached nobody",
    long: "No target of this step could be paged. The next step followed at once.",
  },
  "escalation-pending": { short: "first step not due yet", long: "The first step of the policy waits for its delay." },
  "escalation-triggered": {
    short: "waiting for an acknowledgement",
    long: "People are being paged, step after step, until somebody acknowledges.",
  },
  "escalation-acknowledged": {
    short: "acknowledged",
    long: "Somebody has taken it. Nobody else is paged unless the acknowledgement expires.",
  },
  "acknowledgement-expired": {
    short: "acknowledgement expired",
    long: "It was acknowledged and not resolved in the agreed time. The policy has begun again with its first step.",
  },
  "escalation-resolved": { short: "resolved", long: "The cause is gone, or a person has ended it." },
  "escalation-expired": {
    short: "nobody acknowledged",
    long: "Every step and every repeat was paged and nobody acknowledged. Nobody is paged any more: call somebody by other means.",
  },
  "escalation-over": { short: "already resolved", long: "It was resolved before, and stays so. Nothing was changed." },
});

export type OnCallReasonCode = keyof typeof onCallReasons;
