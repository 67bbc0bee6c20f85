import type { AcknowledgeView } from "../../../src/api/contract-oncall.ts";
import type {
  DeclareBody,
  IncidentAnswer,
  IncidentDetail,
  IncidentsPage,
  UpdateIncidentBody,
} from "../../../src/api/contract-respond.ts";
import type { MutationAnswer } from "../../../src/api/contract.ts";
import { callJson, post, withQuery } from "./api.ts";
import { refreshRespond } from "./respond-news.ts";

export type IncidentsState = "open" | "over";

const pathOf = (reference: string) => `incidents/${encodeURIComponent(reference)}`;

export const fetchIncidents = (
  state: IncidentsState,
  before: number | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<IncidentsPage> => callJson<IncidentsPage>(withQuery("incidents", { state, limit, before }), {}, signal);

export const fetchIncident = (reference: string, signal?: AbortSignal) =>
  callJson<IncidentDetail>(`/api/v1/${pathOf(reference)}`, {}, signal);

/** A change of incidents: what is shown of them is read again at once, though the stream may be away. */
async function change<T extends MutationAnswer = MutationAnswer>(
  path: string,
  token: string,
  body?: object,
): Promise<T> {
  const answer = await post<T>(path, token, body);
  refreshRespond();
  return answer;
}

export const declareIncident = (body: DeclareBody, token: string) => change<IncidentAnswer>("incidents", token, body);
export const acknowledgeIncident = (reference: string, token: string) =>
  change(`${pathOf(reference)}/acknowledge`, token);
export const updateIncident = (reference: string, body: UpdateIncidentBody, token: string) =>
  change(`${pathOf(reference)}/update`, token, body);
export const noteIncident = (reference: string, text: string, token: string) =>
  change(`${pathOf(reference)}/note`, token, { text });
export const addTask = (reference: string, body: { text: string; owner?: string }, token: string) =>
  change(`${pathOf(reference)}/tasks`, token, body);
export const setTask = (
  reference: string,
  task: string,
  body: { state?: "open" | "done" | "dropped"; owner?: string },
  token: string,
) => change(`${pathOf(reference)}/tasks/${encodeURIComponent(task)}`, token, body);
export const mergeIncident = (reference: string, into: string, token: string) =>
  change(`${pathOf(reference)}/merge`, token, { into });
export const assessIncident = (reference: string, token: string) => change(`${pathOf(reference)}/assess`, token);
export const isolate = (reference: string, offer: string, token: string) =>
  change(`${pathOf(reference)}/isolate`, token, { offer });
export const resolveIncident = (reference: string, summary: string, token: string) =>
  change(`${pathOf(reference)}/resolve`, token, summary === "" ? {} : { summary });

const linkPath = (token: string) => `/api/v1/acknowledge/${encodeURIComponent(token)}`;

/** What a signed link is about. Asking changes nothing. */
export const fetchAcknowledge = (token: string, signal?: AbortSignal) =>
  callJson<AcknowledgeView>(linkPath(token), {}, signal);
/** The link is the proof: no login. */
export const acknowledgeByLink = (token: string) =>
  callJson<MutationAnswer>(linkPath(token), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
