import type { Command } from "commander";
import type { OnCallPage } from "../api/contract-oncall.ts";
import type { Here } from "../app/respond-words/people-time.ts";
import { addTo, exitStatusHelp, here, printAnswer, printChange, wrongUsage, type Answer, type Common } from "./ask.ts";
import { parseUpTo } from "./numbers.ts";

const help = `
All of it asks the running monitor.

WHEN is "now", "+8h", "18:00" (the next one), "2026-11-26 18:00", or with a zone "2026-11-26T18:00Z"; without a zone it is the
clock of this machine. --to counts from --from.
${exitStatusHelp}
Examples:
  slotkeeper oncall now
  slotkeeper oncall next --days 30
  slotkeeper oncall override primary bob --from 18:00 --to +12h
  slotkeeper oncall check || echo "somebody may not be reached"
`;

const dayMs = 86_400_000;

/** `slotkeeper oncall now | next | override | remove-override | check`. */
export function registerOnCall(program: Command): void {
  const onCall = program
    .command("oncall")
    .description("Who is on call now and next, overrides, and gaps before they matter.")
    .addHelpText("after", help);
  const add = addTo(onCall);

  add("now", "Show who is on call now.").action((common: Common) =>
    read(common, 14, async (page) => {
      const { onCallNowText } = await import("../app/respond-words/oncall-text.ts");
      return { value: page.now, text: (where: Here) => onCallNowText(page, where) };
    }),
  );
  add("next", "Show the shifts to come, and when nobody is on call.")
    .option("--days <count>", "how far ahead", parseUpTo(365), 14)
    .action(({ days, ...common }: Common & { days: number }) =>
      read(common, days, async (page) => {
        const { onCallNextText } = await import("../app/respond-words/oncall-text.ts");
        return { value: { shifts: page.shifts, gaps: page.gaps }, text: (where: Here) => onCallNextText(page, where) };
      }),
    );
  add("check", "Find gaps and people who cannot be reached. Ends with 1 where there are any.").action(
    (common: Common) =>
      read(common, 14, async (page) => {
        const { onCallCheckStatus, onCallCheckText } = await import("../app/respond-words/oncall-text.ts");
        const { findings } = page;
        const text = (where: Here) => onCallCheckText(page, where);
        return { value: { findings }, text, status: onCallCheckStatus(page) };
      }),
  );
  add("override", "Put one person on call instead of whoever the schedule names.")
    .argument("<schedule>", "the schedule, as slotkeeper oncall now shows it")
    .argument("<person>", "who is on call instead")
    .option("--from <when>", "from when on", "now")
    .requiredOption("--to <when>", "until when")
    .action(
      async (schedule: string, person: string, options: Common & { from: string; to: string }, command: Command) => {
        const { instantForms, readInstant } = await import("../app/respond-words/read-instant.ts");
        const { now, timeZone } = here();
        const fromAt = readInstant(options.from, now, timeZone);
        if (fromAt === undefined)
          return wrongUsage(command, `--from "${options.from}" is no instant: write ${instantForms}`);
        const toAt = readInstant(options.to, fromAt, timeZone);
        if (toAt === undefined) return wrongUsage(command, `--to "${options.to}" is no instant: write ${instantForms}`);
        if (toAt <= fromAt) return wrongUsage(command, "--to must come after --from");
        const { when } = await import("../app/respond-words/people-time.ts");
        const span = `from ${when(fromAt, here())}\nuntil ${when(toAt, here())}\n`;
        await printChange(options, "oncall/overrides", { schedule, person, fromAt, toAt }, () => span);
      },
    );
  add("remove-override", "Take an override away: the schedule holds again.")
    .argument("<id>", "as slotkeeper oncall next lists it")
    .action((id: string, common: Common) =>
      printChange(common, `oncall/overrides/${encodeURIComponent(id)}/remove`, {}),
    );
}

async function read(common: Common, days: number, show: (page: OnCallPage) => Promise<Answer>): Promise<void> {
  await printAnswer(common, async (monitor) => {
    const { now } = here();
    return show(await monitor.get<OnCallPage>("oncall", { from: now, to: now + days * dayMs }));
  });
}
