import type { RespondPorts, Told } from "../../api/ports-respond.ts";
import { pickLabels, type Labels } from "../../alerts/labels.ts";
import { addNote } from "../../incidents/add-note.ts";
import { contentFor } from "../../incidents/disclose/content-for.ts";
import { addTask, setTask } from "../../incidents/tasks.ts";
import { isSlashingAlert } from "../../incidents/severity.ts";
import { isOpen } from "../../incidents/status.ts";
import { inOrder } from "../../incidents/timeline.ts";
import type { Incident } from "../../incidents/types.ts";
import { updateIncident } from "../../incidents/update.ts";
import { AppError } from "../../lib/app-error.ts";
import type { OutboxMessage } from "../../outbox/types.ts";
import {
  acknowledgeByPerson,
  changeIncident,
  declareByPerson,
  declineByPerson,
  mergeByPerson,
  openIncident,
  resolveByPerson,
} from "../../respond/acts/incident.ts";
import { putIncident } from "../../respond/draft.ts";
import { episodeIdOf } from "../../respond/references.ts";
import { applyVerb } from "../../respond/incident-steps.ts";
import { episodeOfRow, incidentOfRow } from "../../respond/rows.ts";
import type { Episode } from "../../respond/types.ts";
import { personOf, type DeskParts } from "./desk-parts.ts";
import { showIncident, showIncidentRow } from "./incident-views.ts";

type IncidentPorts = Pick<
  RespondPorts,
  | "incidents"
  | "incident"
  | "declare"
  | "acknowledge"
  | "update"
  | "note"
  | "addTask"
  | "setTask"
  | "merge"
  | "assess"
  | "isolate"
  | "resolve"
>;

/** Labels by which slashings are counted, and closed. */
export const slashedBy = ["customer", "group"];
const searched = 500;
const mostGroups = 20;

/** Incidents as the API serves them. */
export function incidentDesk(parts: DeskParts): IncidentPorts {
  const { engine, store, outbox } = parts;

  /** Open ones are in memory; others are read. Throws `not-found`. */
  async function find(reference: string): Promise<Incident> {
    const open = engine.state().incidents.find((incident) => incident.reference === reference);
    if (open) return open;
    const row = await store.row("incident", reference);
    if (row) return incidentOfRow(row);
    throw new AppError(`show ${reference}: there is no such incident. \`slotkeeper incident list --all\` shows them.`, {
      code: "not-found",
    });
  }

  async function episodesOf(reference: string): Promise<Episode[]> {
    const over = await store.rows("episode", { isOpen: false, limit: searched });
    const all = [...engine.state().episodes, ...over.map(episodeOfRow)];
    return all.filter(({ incident }) => incident === reference);
  }

  async function messagesOf(episodes: readonly Episode[]): Promise<OutboxMessage[]> {
    const keys = [...new Set(episodes.map(({ groupKey }) => groupKey))].slice(0, mostGroups);
    const found = await Promise.all(keys.map((groupKey) => outbox.find({ groupKey, limit: 50 })));
    const ids = new Set(episodes.map(({ id }) => id));
    return found
      .flat()
      .filter(({ dedupKey }) => ids.has(episodeIdOf(dedupKey)))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Also of what is over: notes and tasks are kept of it. */
  async function change(reference: string, verb: Parameters<typeof changeIncident>[3]): Promise<void> {
    const incident = await find(reference);
    await engine.step({}, (draft, context) => {
      if (!isOpen(incident)) putIncident(draft, incident);
      changeIncident(draft, context, reference, verb);
    });
  }

  async function decline(reference: string, reason: string, by: string): Promise<Told> {
    await find(reference);
    await engine.step({}, (draft, context) => declineByPerson(draft, context, reference, { reason, by }));
    return { done: `${reference} is declined` };
  }

  return {
    async incidents(query, reader) {
      const rows = await store.rows("incident", query);
      const items = rows.map((row) => showIncidentRow(incidentOfRow(row), engine.state(), reader));
      const last = rows.at(-1);
      return { items, ...(last && rows.length === query.limit ? { nextBefore: last.at } : {}) };
    },
    async incident(reference, reader) {
      const incident = await find(reference);
      const [timeline, episodes] = await Promise.all([store.timeline(reference), episodesOf(reference)]);
      const offers = isOpen(incident) && contentFor(incident, reader) ? parts.offers(incident) : [];
      const messages = await messagesOf(episodes);
      const facts = { state: { ...engine.state(), episodes }, timeline: inOrder(timeline), messages, offers };
      return showIncident(incident, facts, reader);
    },
    async declare({ page, ...body }, by) {
      const known = body.idempotencyKey === undefined ? undefined : await knownByKey(body.idempotencyKey);
      if (known) return { reference: known.reference, done: `${known.reference} was declared with this key before` };
      let reference = "";
      await engine.step({}, (draft, context) => {
        reference = declareByPerson(draft, context, { ...body, by: personOf(by), page });
      });
      return { reference, done: `${reference} is declared` };
    },
    async acknowledge(reference, by) {
      await find(reference);
      await engine.step({}, (draft, context) => acknowledgeByPerson(draft, context, reference, personOf(by)));
      return { done: `${personOf(by)} has ${reference}` };
    },
    async update(reference, body, by) {
      const { status, ...changes } = body;
      if (status === "resolved") return this.resolve(reference, body.summary, by);
      if (status === "declined") return decline(reference, body.note ?? "", personOf(by));
      await change(reference, (incident, now) =>
        updateIncident(incident, { ...changes, ...(status !== undefined && { status }), by: personOf(by) }, now),
      );
      return { done: `${reference} is updated` };
    },
    async note(reference, text, by) {
      await change(reference, (incident, now) => addNote(incident, { text, by: personOf(by) }, now));
      return { done: `noted in ${reference}` };
    },
    async addTask(reference, body, by) {
      await change(reference, (incident, now) => addTask(incident, { ...body, by: personOf(by) }, now));
      return { done: `${reference} has one more task` };
    },
    async setTask(reference, task, body, by) {
      await change(reference, (incident, now) => setTask(incident, { ...body, task, by: personOf(by) }, now));
      return { done: `task ${task} of ${reference} is changed` };
    },
    async merge(reference, into, by) {
      await Promise.all([find(reference), find(into)]);
      await engine.step({}, (draft, context) => mergeByPerson(draft, context, reference, into, personOf(by)));
      return { done: `${reference} is merged into ${into}` };
    },
    async assess(reference) {
      if (!isOpen(await find(reference)))
        throw new AppError(`assess ${reference}: it is over. What was known then is kept.`, { code: "conflict" });
      await parts.assess(reference);
      return { done: `${reference} is assessed again` };
    },
    async isolate(reference, id, by) {
      const incident = await find(reference);
      const offer = parts.offers(incident).find((each) => each.id === id);
      if (!offer)
        throw new AppError("do this: it is no longer offered. Look at the offers again.", { code: "conflict" });
      if (!offer.isAllowed) throw new AppError(`${offer.kind} ${offer.target}: ${offer.why}`, { code: "conflict" });
      for (const step of offer.steps) await parts.carryOut(step, `${reference}: ${offer.kind} ${offer.target}`, by);
      const done = `${offer.kind} of ${offer.target} is done`;
      await engine.step({}, (draft, context) => {
        const text = `${done}. ${offer.does}`;
        changeIncident(draft, context, reference, (current, now) =>
          addNote(current, { text, by: personOf(by), kind: "action" }, now),
        );
        const current = openIncident(draft, reference);
        if (current.status !== "isolated" && current.status !== "monitoring")
          applyVerb(draft, updateIncident(current, { status: "isolated", by: personOf(by) }, context.now));
      });
      return { done };
    },
    async resolve(reference, summary, by) {
      const { type } = await find(reference);
      await engine.step({}, (draft, context) =>
        resolveByPerson(draft, context, reference, { summary, by: personOf(by) }),
      );
      if (type === "slashing") await parts.closeSlashings(slashedSubjects(await episodesOf(reference)));
      return { done: `${reference} is resolved` };
    },
  };

  async function knownByKey(key: string): Promise<Incident | undefined> {
    const rows = await store.rows("incident", { limit: searched });
    return rows.map(incidentOfRow).find(({ idempotencyKey }) => idempotencyKey === key);
  }
}

/** Whose validators were slashed: customer and group, as far as the alarms say. */
function slashedSubjects(episodes: readonly Episode[]): Labels[] {
  return episodes
    .flatMap(({ alerts }) => alerts.filter(isSlashingAlert))
    .map(({ labels }) => pickLabels(labels, slashedBy));
}
