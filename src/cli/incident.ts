import { Option, type Command } from "commander";
import type { IncidentDetail, IncidentsPage } from "../api/contract-respond.ts";
import {
  addTo,
  exitStatusHelp,
  given,
  parsePair,
  parseReference,
  printAnswer,
  printChange,
  wrongUsage,
} from "./ask.ts";
import type { Common } from "./ask.ts";
import { parseUpTo } from "./numbers.ts";

const help = `
All of it asks the running monitor, with the token of its data folder. REF is INC-17, or 17.
${exitStatusHelp}
Examples:
  slotkeeper incident declare bn1 and bn2 are down
  slotkeeper incident declare "Keys of acme may be out" --type vulnerability --severity sev1 --page default
  slotkeeper incident list
  slotkeeper incident ack 17
  slotkeeper incident update 17 --status identified --role commander=ann --note "the disk of h1 is full"
  slotkeeper incident resolve 17 --summary "disk replaced"
`;

const types = ["outage", "slashing", "network_attack", "vulnerability", "provider", "maintenance"];
const severities = ["sev1", "sev2", "sev3", "sev4"];
const statuses = ["investigating", "identified", "isolated", "monitoring", "declined"];
const roles = ["commander", "operations", "communications", "scribe"];

interface Declared extends Common {
  summary?: string;
  type?: string;
  severity?: string;
  label?: Record<string, string>;
  page?: string;
  key?: string;
}

interface Updated extends Common {
  status?: string;
  severity?: string;
  type?: string;
  title?: string;
  summary?: string;
  role?: Record<string, string>;
  note?: string;
}

/** `slotkeeper incident declare | list | show | ack | update | resolve | assess | merge`. */
export function registerIncident(program: Command): void {
  const incident = program
    .command("incident")
    .description("Declare incidents, take them, and bring them to an end.")
    .addHelpText("after", help);
  const add = addTo(incident);
  addReads(add);
  addDeclare(add);
  addUpdate(add);

  add("ack", "Take an incident: it is escalated no further.")
    .argument("<ref>", "the incident", parseReference)
    .action((reference: string, common: Common) => printChange(common, `incidents/${reference}/acknowledge`, {}));
  add("resolve", "End an incident.")
    .argument("<ref>", "the incident", parseReference)
    .option("--summary <text>", "what it was, and what ended it")
    .action((reference: string, { summary, ...common }: Common & { summary?: string }) =>
      printChange(common, `incidents/${reference}/resolve`, given({ summary })),
    );
  add("assess", "Judge an incident again now, and show it.")
    .argument("<ref>", "the incident", parseReference)
    .action((reference: string, common: Common) =>
      printAnswer(common, async (monitor) => {
        await monitor.post(`incidents/${reference}/assess`, {});
        return showIncident(await monitor.get<IncidentDetail>(`incidents/${reference}`));
      }),
    );
  add("merge", "Make an incident a part of another one, which goes on for both.")
    .argument("<ref>", "the incident that ends", parseReference)
    .requiredOption("--into <ref>", "the incident that goes on", parseReference)
    .action((reference: string, { into, ...common }: Common & { into: string }) =>
      printChange(common, `incidents/${reference}/merge`, { into }),
    );
}

function addReads(add: ReturnType<typeof addTo>): void {
  add("list", "List incidents that are open, newest first.")
    .option("--all", "those too that are over")
    .option("--limit <count>", "how many", parseUpTo(200), 50)
    .action(({ all, limit, ...common }: Common & { all?: boolean; limit: number }) =>
      printAnswer(common, async (monitor) => {
        const { incidentsText } = await import("../app/respond-words/incidents-text.ts");
        const state = all === true ? undefined : "open";
        const page = await monitor.get<IncidentsPage>("incidents", { limit, state });
        return { value: page, text: (where) => incidentsText(page, all === true, where) };
      }),
    );
  add("show", "Show one incident: assessment, what can be done, tasks, pages, timeline.")
    .argument("<ref>", "the incident", parseReference)
    .action((reference: string, common: Common) =>
      printAnswer(common, async (monitor) => showIncident(await monitor.get<IncidentDetail>(`incidents/${reference}`))),
    );
}

async function showIncident(detail: IncidentDetail) {
  const { incidentText } = await import("../app/respond-words/incidents-text.ts");
  return { value: detail, text: (where: Parameters<typeof incidentText>[1]) => incidentText(detail, where) };
}

function addDeclare(add: ReturnType<typeof addTo>): void {
  add("declare", "Declare an incident. A title is enough.")
    .argument("<title...>", "what is wrong, in a few words")
    .option("--summary <text>", "more of it")
    .addOption(new Option("--type <type>", "what it is (default: outage)").choices(types))
    .addOption(new Option("--severity <severity>", "how bad it is").choices(severities))
    .option("--label <name=value>", "what it is about, such as host=h1; may be given several times", parsePair)
    .option("--page <policy>", "page by this escalation policy; without it nobody is paged")
    .option("--key <text>", "declaring again with the same key gives the same incident: for scripts")
    .action((title: string[], { summary, type, severity, label, page, key, ...common }: Declared) =>
      printChange(
        common,
        "incidents",
        given({ title: title.join(" "), summary, type, severity, labels: label, page, idempotencyKey: key }),
        ({ reference = "" }) => `Next: slotkeeper incident show ${reference}\n`,
      ),
    );
}

function addUpdate(add: ReturnType<typeof addTo>): void {
  add("update", "Change an incident, with a line for its timeline.")
    .argument("<ref>", "the incident", parseReference)
    .addOption(new Option("--status <status>", "how far it is").choices(statuses))
    .addOption(new Option("--severity <severity>", "how bad it is").choices(severities))
    .addOption(new Option("--type <type>", "what it is").choices(types))
    .option("--title <text>", "another title")
    .option("--summary <text>", "another summary")
    .option("--role <role=name>", `who does what: ${roles.join(", ")}; role= takes it away`, parsePair)
    .option("--note <text>", "a line for the timeline")
    .action(
      (
        reference: string,
        { status, severity, type, title, summary, role, note, ...common }: Updated,
        command: Command,
      ) => {
        const unknown = Object.keys(role ?? {}).find((name) => !roles.includes(name));
        if (unknown !== undefined) wrongUsage(command, `there is no role ${unknown}; roles: ${roles.join(", ")}`);
        const changes = given({ status, severity, type, title, summary, roles: role });
        if (Object.keys(changes).length === 0 && note === undefined)
          wrongUsage(command, "say what to change: --status, --severity, --type, --title, --summary, --role or --note");
        // A note alone is no change of the incident.
        return Object.keys(changes).length === 0
          ? printChange(common, `incidents/${reference}/note`, { text: note })
          : printChange(common, `incidents/${reference}/update`, { ...changes, ...given({ note }) });
      },
    );
}
