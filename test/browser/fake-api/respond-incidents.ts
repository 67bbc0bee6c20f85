import type { AcknowledgeView } from "../../../src/api/contract-oncall.ts";
import type {
  DeclareBody,
  IncidentDetail,
  IncidentsPage,
  UpdateIncidentBody,
} from "../../../src/api/contract-respond.ts";
import type { EntryKind, IncidentRole } from "../../../src/incidents/types.ts";
import { incidentOf, rowOf } from "./build-incident.ts";

/** Incidents and signed links of the fake API. */
export interface FakeIncidents {
  incidents: IncidentDetail[];
  /** By token. */
  links: Map<string, AcknowledgeView>;
  isOpen(incident: IncidentDetail): boolean;
  /** The answer to a path below `/api/v1`, or `undefined` where there is no such thing. */
  answer(path: string, query: URLSearchParams): object | undefined;
  /** What a change did, in words, or `undefined` where there is no such route. */
  act(path: string, body: Record<string, unknown>): { done: string; reference?: string } | undefined;
}

const by = "alice";

export function createFakeIncidents(): FakeIncidents {
  const isOpen = ({ status }: IncidentDetail) => !["resolved", "declined", "merged"].includes(status);
  const find = (reference: string | undefined) => fake.incidents.find((one) => one.reference === reference);

  function page(query: URLSearchParams): IncidentsPage {
    const before = Number(query.get("before") ?? Infinity);
    const limit = Number(query.get("limit") ?? 50);
    const wanted = fake.incidents
      .filter((one) => isOpen(one) === (query.get("state") === "open") && one.declaredAt < before)
      .toSorted((a, b) => b.declaredAt - a.declaredAt);
    const last = wanted[limit - 1];
    return {
      items: wanted.slice(0, limit).map(rowOf),
      ...(wanted.length > limit && last !== undefined ? { nextBefore: last.declaredAt } : {}),
    };
  }

  function declare(body: DeclareBody) {
    const reference = `INC-${fake.incidents.length + 18}`;
    const now = Date.now();
    const { title, type = "outage", severity = "sev3" } = body;
    const empty = { alertsFiring: 0, tasks: [], episodes: [], offers: [], pages: [], playbooks: [], timeline: [] };
    const made = incidentOf(now, {
      ...{ reference, title, type, severity, ...empty, assessment: undefined, scope: "unknown", declaredAt: now },
      ...{ source: { kind: "person", by }, instants: { declaredAt: now } },
    });
    fake.incidents = [...fake.incidents, made];
    return { done: `${reference} is declared`, reference };
  }

  function change(incident: IncidentDetail, part: Partial<IncidentDetail>, kind: EntryKind, text: string): string {
    const at = Date.now();
    const entry = {
      id: `e${at}-${incident.timeline.length}`,
      reference: incident.reference,
      at,
      kind,
      text,
      author: by,
    };
    const next = { ...incident, ...part, timeline: [...incident.timeline, entry] };
    fake.incidents = fake.incidents.map((one) => (one.reference === incident.reference ? next : one));
    return text;
  }

  function update(incident: IncidentDetail, body: UpdateIncidentBody): string {
    const given = Object.entries({ ...incident.roles, ...body.roles }).filter(([, name]) => name !== "");
    const roles = Object.fromEntries(given) as Partial<Record<IncidentRole, string>>;
    const { note, roles: _, ...rest } = body;
    return change(
      incident,
      { ...rest, roles, commander: roles.commander },
      "status",
      note ?? `updated ${incident.reference}`,
    );
  }

  function actOn(incident: IncidentDetail, [verb, id]: readonly string[], body: Record<string, unknown>) {
    const at = Date.now();
    const { reference } = incident;
    switch (verb) {
      case "acknowledge": {
        const instants = { ...incident.instants, acknowledgedAt: at };
        const part = { status: "investigating", acknowledgedAt: at, instants } as const;
        return change(incident, part, "acknowledged", `${reference} is acknowledged`);
      }
      case "update":
        return update(incident, body);
      case "note":
        return change(incident, {}, "note", String(body["text"]));
      case "assess":
        return `${reference} is judged again`;
      case "tasks": {
        const text = String(body["text"]);
        const task = {
          id: `t${incident.tasks.length + 1}`,
          text,
          owner: String(body["owner"] ?? ""),
          state: "open",
        } as const;
        const tasks =
          id === undefined
            ? [...incident.tasks, task]
            : incident.tasks.map((one) => (one.id === id ? { ...one, ...body } : one));
        return change(incident, { tasks }, "task", id === undefined ? `task added: ${text}` : `task ${id} is changed`);
      }
      case "merge": {
        const mergedInto = String(body["into"]);
        return change(
          incident,
          { status: "merged", mergedInto },
          "merged",
          `${reference} is merged into ${mergedInto}`,
        );
      }
      case "isolate": {
        const offer = incident.offers.find((one) => one.id === body["offer"]);
        const offers = incident.offers.filter((one) => one !== offer);
        return change(incident, { offers, status: "isolated" }, "action", `${offer?.kind} of ${offer?.target} begins`);
      }
      case "resolve": {
        const part = { status: "resolved", resolvedAt: at, alertsFiring: 0, offers: [] } as const;
        const summary = String(body["summary"] ?? "");
        return change(incident, { ...part, summary }, "resolved", `${reference} is resolved`);
      }
      default:
        return undefined;
    }
  }

  const fake: FakeIncidents = {
    incidents: [],
    links: new Map(),
    isOpen,
    answer(path, query) {
      const [, kind, id] = path.split("/").map(decodeURIComponent);
      if (kind === "acknowledge") return fake.links.get(id ?? "");
      if (kind !== "incidents") return undefined;
      return id === undefined ? page(query) : find(id);
    },
    act(path, body) {
      const [, kind, id, ...parts] = path.split("/").map(decodeURIComponent);
      if (kind === "acknowledge") {
        const link = fake.links.get(id ?? "");
        if (link === undefined) return undefined;
        fake.links.set(id ?? "", { ...link, state: "acknowledged", acknowledgedBy: link.person });
        return { done: `acknowledged by ${link.person}` };
      }
      if (kind !== "incidents") return undefined;
      if (id === undefined) return declare(body as unknown as DeclareBody);
      const incident = find(id);
      const done = incident && actOn(incident, parts, body);
      return done === undefined ? undefined : { done };
    },
  };
  return fake;
}
