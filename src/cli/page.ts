import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import type { PagesPage, PageTrace, TestPageAnswer } from "../api/contract-oncall.ts";
import { addTo, exitStatusHelp, given, printAnswer, printChange, type Common } from "./ask.ts";
import { configOption } from "./config-option.ts";
import { parseUpTo } from "./numbers.ts";

const pageHelp = `
All of it asks the running monitor. A test page goes the whole way to each contact and is marked as a test.
${exitStatusHelp}
  page test --wait ends with 1 where a page was not accepted, or where there was none to send.

Examples:
  slotkeeper page test --wait                       # everybody on call, every contact
  slotkeeper page test --person ann --channel mail --wait
  slotkeeper page list --state held
  slotkeeper page settle m-17 arrived
`;

const traceHelp = `
Prints the chain of a page: message, escalation, incident, alert, fact, duty, node, each with its instant and where it is
looked up. slotkeeper page list shows the ids.
${exitStatusHelp}
Example:
  slotkeeper trace m-17
`;

interface TestFlags extends Common {
  person?: string;
  channel?: string;
  wait?: boolean;
  within: number;
}

/** `slotkeeper page test | list | settle`. */
export function registerPage(program: Command): void {
  const page = program
    .command("page")
    .description("Messages to people: prove the path to each person, see what became of a page.")
    .addHelpText("after", pageHelp);
  const add = addTo(page);

  add("test", "Send test pages to whoever is on call, or to one person.")
    .option("--person <name>", "to this person")
    .option("--channel <name>", "by this channel alone; otherwise by each contact")
    .option("--wait", "wait for the result of each, and print it")
    .option("--within <seconds>", "with --wait: for how long", parseUpTo(3_600), 120)
    .action((flags: TestFlags) =>
      printAnswer(flags, async (monitor) => {
        const { person, channel, wait, within } = flags;
        const words = await import("../app/respond-words/pages-text.ts");
        const asked = await monitor.post<TestPageAnswer>("oncall/test", given({ person, channel }));
        if (wait !== true) return { value: asked, text: () => words.testPagesText(asked) };
        const results = await waitFor(monitor, asked, within * 1_000);
        return {
          value: { ...asked, pages: results },
          text: () => words.testResultsText(results),
          status: words.testResultsStatus(results),
        };
      }),
    );
  add("list", "List messages to people, newest first.")
    .addOption(
      new Option("--state <state>", "only these").choices(["pending", "sending", "sent", "failed", "dropped", "held"]),
    )
    .option("--person <name>", "only to this recipient")
    .option("--limit <count>", "how many", parseUpTo(500), 50)
    .action(({ state, person, limit, ...common }: Common & { state?: string; person?: string; limit: number }) =>
      printAnswer(common, async (monitor) => {
        const { pagesText } = await import("../app/respond-words/pages-text.ts");
        const found = await monitor.get<PagesPage>("pages", { state, recipient: person, limit });
        return { value: found, text: (where) => pagesText(found, where) };
      }),
    );
  add("settle", "Decide on a page that is held because nobody knows whether it arrived.")
    .argument("<id>", "as slotkeeper page list shows it", parseId)
    .addArgument(new Argument("<verdict>", "it arrived, or it is sent once more").choices(["arrived", "send-again"]))
    .action((id: string, verdict: string, common: Common) =>
      printChange(common, `pages/${encodeURIComponent(id)}/settle`, { verdict }),
    );
}

/** Ctrl-C ends the waiting, not the answer: how each page stands is still told. */
async function waitFor(
  monitor: Parameters<Parameters<typeof printAnswer>[1]>[0],
  asked: TestPageAnswer,
  timeoutMs: number,
) {
  const { waitForPages } = await import("../app/wait-for-pages.ts");
  const { systemClock } = await import("../lib/clock.ts");
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  process.stderr.write(`${asked.done}. Waiting for the results.\n`);
  // The clock's own timers let a process end.
  const awake = setInterval(() => undefined, 60_000);
  try {
    return await waitForPages(monitor, asked.pages, { timeoutMs, clock: systemClock, signal: stop.signal });
  } finally {
    clearInterval(awake);
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** `slotkeeper trace PAGE`. */
export function registerTrace(program: Command): void {
  program
    .command("trace")
    .description("Follow a page back to slot and node.")
    .argument("<page>", "as slotkeeper page list shows it", parseId)
    .option("--json", "print JSON")
    .addOption(configOption())
    .addHelpText("after", traceHelp)
    .action((id: string, common: Common) =>
      printAnswer(common, async (monitor) => {
        const { traceText } = await import("../app/respond-words/pages-text.ts");
        const trace = await monitor.get<PageTrace>(`pages/${encodeURIComponent(id)}/trace`);
        return { value: trace, text: (where) => traceText(trace, monitor.base, where) };
      }),
    );
}

function parseId(text: string): string {
  if (text.trim() === "" || text.length > 200)
    throw new InvalidArgumentError("write the id of a page, as slotkeeper page list shows it");
  return text.trim();
}
