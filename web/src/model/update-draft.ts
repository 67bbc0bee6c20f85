import type { IncidentDetail, UpdateIncidentBody } from "../../../src/api/contract-respond.ts";

/** What a person may change of an incident in one go. */
export type UpdateDraft = Pick<IncidentDetail, "title" | "summary" | "status" | "severity" | "type"> & { note: string };

/** Only what differs; `undefined` where nothing does, or the title is gone. */
export function updateBody(incident: IncidentDetail, draft: UpdateDraft): UpdateIncidentBody | undefined {
  const title = draft.title.trim();
  const summary = draft.summary.trim();
  const note = draft.note.trim();
  if (title === "") return undefined;
  const body: UpdateIncidentBody = {
    ...(title === incident.title ? {} : { title }),
    ...(summary === incident.summary ? {} : { summary }),
    ...(draft.status === incident.status ? {} : { status: draft.status }),
    ...(draft.severity === incident.severity ? {} : { severity: draft.severity }),
    ...(draft.type === incident.type ? {} : { type: draft.type }),
    ...(note === "" ? {} : { note }),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}
