import { matchOperators } from "../alerts/expr/matcher.ts";
import { severities } from "../alerts/severity.ts";
import { incidentRoles, incidentSeverities, incidentStatuses, incidentTypes } from "../incidents/types.ts";
import type { OverrideBody, TestPageBody } from "./contract-oncall.ts";
import type {
  BacktestBody,
  DeclareBody,
  IsolateBody,
  SilenceBody,
  TestAlertBody,
  UpdateIncidentBody,
} from "./contract-respond.ts";
import { instant, integer, list, object, oneOf, text, type Schema } from "./schema-words.ts";

/** Bodies of `contract-respond.ts`. Texts are cleaned of control characters before they are held against these. */
export const line = (maxLength: number): Schema => ({ type: "string", minLength: 1, maxLength, pattern: "\\S" });
const optionalLine = (maxLength: number): Schema => ({ type: "string", maxLength });
/** Several lines; may be empty, which takes what stood there away. */
const prose: Schema = { type: "string", maxLength: 10_000 };
const title = line(200);
const person = line(100);
const dayMs = 86_400_000;

export const reference: Schema = { type: "string", pattern: "^INC-[1-9][0-9]{0,8}$", description: '"INC-17".' };
export const severity = oneOf(...severities);
const moment: Schema = { ...instant, minimum: 0, maximum: 8.64e15 };
export const instantOfQuery: Schema = moment;
export const limitOf = (most: number, fallback: number): Schema => ({
  ...{ type: "integer", minimum: 1, maximum: most, default: fallback },
});
export const cursor: Schema = { ...integer, minimum: 0 };

const labels: Schema = {
  ...{ type: "object", maxProperties: 32, propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_.]{0,99}$" } },
  additionalProperties: { type: "string", maxLength: 200 },
};

type FieldsOf<T> = Partial<Record<(keyof T & string) | `${keyof T & string}?`, Schema>>;

export const declareBody = object({
  title,
  "summary?": prose,
  "type?": oneOf(...incidentTypes),
  "severity?": oneOf(...incidentSeverities),
  "labels?": labels,
  "page?": { ...line(100), description: "Page by this escalation policy." },
  "idempotencyKey?": line(200),
} satisfies FieldsOf<DeclareBody>);

export const updateIncidentBody = {
  ...object({
    "title?": title,
    "summary?": prose,
    "type?": oneOf(...incidentTypes),
    "severity?": oneOf(...incidentSeverities),
    "status?": oneOf(...incidentStatuses),
    "roles?": object(Object.fromEntries(incidentRoles.map((role) => [`${role}?`, optionalLine(100)]))),
    "note?": prose,
  } satisfies FieldsOf<UpdateIncidentBody>),
  minProperties: 1,
};

export const noteBody = object({ text: { ...prose, minLength: 1, pattern: "\\S" } });
export const addTaskBody = object({ text: line(500), "owner?": optionalLine(100) });
export const setTaskBody = {
  ...object({ "state?": oneOf("open", "done", "dropped"), "owner?": optionalLine(100) }),
  minProperties: 1,
};
export const mergeBody = object({ into: reference });
export const isolateBody = object({ offer: line(300) } satisfies FieldsOf<IsolateBody>);
export const resolveBody = object({ "summary?": prose });

export const silenceBody = object({
  matchers: {
    ...list(object({ name: line(100), op: oneOf(...matchOperators), value: optionalLine(500) })),
    ...{ minItems: 1, maxItems: 20 },
  },
  "startsAt?": moment,
  endsAt: moment,
  comment: line(1_000),
} satisfies FieldsOf<SilenceBody>);

export const backtestBody = object({
  "alert?": line(200),
  "expr?": line(2_000),
  "for?": line(20),
  "hours?": { type: "integer", minimum: 1, maximum: 2_160 },
} satisfies FieldsOf<BacktestBody>);

export const testAlertBody = object({
  "severity?": severity,
  "labels?": labels,
  "durationMs?": { type: "integer", minimum: 1_000, maximum: 3_600_000 },
} satisfies FieldsOf<TestAlertBody>);

export const overrideBody = object({
  ...{ schedule: person, person, fromAt: moment, toAt: moment },
} satisfies FieldsOf<OverrideBody>);
/** An override that is longer is a change of the schedule. */
export const longestOverrideMs = 366 * dayMs;

export const testPageBody = object({
  "person?": person,
  "channel?": line(100),
} satisfies FieldsOf<TestPageBody>);

export const settleBody = object({ verdict: oneOf("arrived", "send-again") });

/** Answers of changes that made something. */
export const incidentAnswer = object({ auditId: integer, done: text, reference: text });
export const silenceAnswer = object({ auditId: integer, done: text, id: text });
export const testPageAnswer = object({
  ...{ auditId: integer, done: text, pages: list(object({ id: text, person: text, channel: text })) },
});

/** The contract's types say what is in it; the document says where to look. */
export const answers = (contractName: string): Record<number, Schema> => ({
  200: { type: "object", description: `\`${contractName}\` of the published contract.`, additionalProperties: true },
});
