import { InvalidArgumentError, Option, type Command } from "commander";
import type { AlertHistoryPage, AlertsPage, BacktestAnswer, RulesPage, SilencesPage } from "../api/contract-respond.ts";
import { addTo, exitStatusHelp, given, here, printAnswer, printChange, wrongUsage, type Common } from "./ask.ts";
import { parseUpTo } from "./numbers.ts";

const help = `
All of it asks the running monitor. A silence tells nobody of an alert; the alert itself goes on.
${exitStatusHelp}
Examples:
  slotkeeper alerts list
  slotkeeper alerts silence node=bn1 --for 2h --comment "bn1 is being updated"
  slotkeeper alerts silence 'customer=~"acme|globex"' severity=warning --for 30m --comment "known, see INC-17"
  slotkeeper alerts test --severity critical
  slotkeeper alerts backtest --expr 'underperforming_ratio > 0.05' --for 5m --hours 48
`;

/** `slotkeeper alerts list | rules | history | silence | silences | unsilence | test | backtest`. */
export function registerAlerts(program: Command): void {
  const alerts = program
    .command("alerts")
    .description("What fires, which rules there are, silences, and what a rule would have done.")
    .addHelpText("after", help);
  const add = addTo(alerts);
  addReads(add);
  addSilences(add);

  add("test", "Let a made-up alert fire through the whole chain: grouping, pages, channels.")
    .addOption(new Option("--severity <severity>", "how bad; critical pages").choices(["critical", "warning", "info"]))
    .action(({ severity, ...common }: Common & { severity?: string }) =>
      printChange(common, "alerts/test", given({ severity }), () => "See where it went: slotkeeper page list\n"),
    );
  add("backtest", "Try rules on the stored history: when would they have fired?")
    .argument("[name]", "one rule of the configuration; without it all of them")
    .option("--expr <condition>", "a rule that is not configured yet")
    .option("--for <duration>", "with --expr: for how long the condition must hold", parseLength)
    .option("--hours <count>", "how far back", parseUpTo(2_160), 24)
    .action(
      (
        name: string | undefined,
        { expr, for: held, hours, ...common }: Common & { expr?: string; for?: string; hours: number },
        command: Command,
      ) => {
        if (name !== undefined && expr !== undefined) wrongUsage(command, "name a rule or write --expr, not both");
        if (held !== undefined && expr === undefined)
          wrongUsage(command, "--for belongs to --expr: a rule has its own");
        return printAnswer(common, async (monitor) => {
          const { backtestText } = await import("../app/respond-words/alerts-text.ts");
          const body = given({ alert: name, expr, for: held, hours });
          const answer = await monitor.post<BacktestAnswer>("alerts/backtest", body);
          return { value: answer, text: (where) => backtestText(answer, where) };
        });
      },
    );
}

function addReads(add: ReturnType<typeof addTo>): void {
  add("list", "List alerts that fire or are pending, worst first.").action((common: Common) =>
    printAnswer(common, async (monitor) => {
      const { alertsText } = await import("../app/respond-words/alerts-text.ts");
      const page = await monitor.get<AlertsPage>("alerts");
      return { value: page, text: (where) => alertsText(page, where) };
    }),
  );
  add("rules", "List rules, their state, and what they lack.").action((common: Common) =>
    printAnswer(common, async (monitor) => {
      const { rulesText } = await import("../app/respond-words/alerts-text.ts");
      const page = await monitor.get<RulesPage>("alerts/rules");
      return { value: page, text: () => rulesText(page) };
    }),
  );
  add("history", "List changes of alerts, newest first.")
    .option("--alert <name>", "only of this rule")
    .option("--limit <count>", "how many", parseUpTo(500), 50)
    .action(({ alert, limit, ...common }: Common & { alert?: string; limit: number }) =>
      printAnswer(common, async (monitor) => {
        const { alertHistoryText } = await import("../app/respond-words/alerts-text.ts");
        const page = await monitor.get<AlertHistoryPage>("alerts/history", { alert, limit });
        return { value: page, text: (where) => alertHistoryText(page, where) };
      }),
    );
}

function addSilences(add: ReturnType<typeof addTo>): void {
  add("silences", "List silences that are in force or to come.").action((common: Common) =>
    printAnswer(common, async (monitor) => {
      const { silencesText } = await import("../app/respond-words/alerts-text.ts");
      const page = await monitor.get<SilencesPage>("silences");
      return { value: page, text: (where) => silencesText(page, where) };
    }),
  );
  add("silence", "Tell nobody of the alerts that fulfil all matchers, for a while.")
    .argument("<matcher...>", 'node=bn1, customer!=acme, node=~"bn[12]"')
    .requiredOption("--for <duration>", "how long, such as 2h or 1d12h", parseLength)
    .requiredOption("--comment <text>", "why, for whoever wonders")
    .action(
      async (
        texts: string[],
        { for: length, comment, ...common }: Common & { for: string; comment: string },
        command: Command,
      ) => {
        const { readMatcher } = await import("../app/respond-words/read-matcher.ts");
        const { parseDuration } = await import("../alerts/duration.ts");
        const matchers = texts.map((text) => {
          const read = readMatcher(text);
          return read.kind === "read" ? read.matcher : wrongUsage(command, read.why);
        });
        const { when } = await import("../app/respond-words/people-time.ts");
        const where = here();
        const endsAt = where.now + (parseDuration(length) ?? 0);
        await printChange(
          common,
          "silences",
          { matchers, endsAt, comment },
          ({ id = "" }) => `until ${when(endsAt, where)}\nEnd it sooner: slotkeeper alerts unsilence ${id}\n`,
        );
      },
    );
  add("unsilence", "End a silence now.")
    .argument("<id>", "as slotkeeper alerts silences shows it")
    .action((id: string, common: Common) => printChange(common, `silences/${encodeURIComponent(id)}/end`, {}));
}

function parseLength(text: string): string {
  if (!/^(\d+[ywdhms]+)+$/.test(text) || /^0+\D/.test(text))
    throw new InvalidArgumentError("write a duration, such as 30m, 2h or 1d12h");
  return text;
}
