import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startApiUnderTest, token, type ApiUnderTest } from "../api/testing/api-under-test.ts";
import { onCallPage, shownAlert, shownPage } from "../api/testing/respond-samples.ts";
import { runCommand } from "../app/testing/run-command.ts";
import { commands } from "./commands.ts";

let folder: string;
let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
  folder = mkdtempSync(join(tmpdir(), "sk-respond-cli-"));
  writeFileSync(join(folder, "token"), token);
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    'nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\ngroups: [{ name: main, listen: 127.0.0.1:0 }]\n' +
      `server: { listen: "127.0.0.1:${api.server.address.port}", apiToken: { file: token } }\n`,
  );
});
afterEach(async () => {
  await api.end();
  rmSync(folder, { recursive: true });
});

/** As a process of its own, as people run it. */
async function spawned(...args: string[]) {
  const command = runCommand(folder, ...args);
  return { status: await command.ended, ...command.output() };
}

/** The same in this process, which is many times faster; the exit status as `main.ts` has it. */
async function run(...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => ((stderr += String(text)), true));
  const program = new Command("slotkeeper").exitOverride();
  for (const register of commands) register(program);
  const isHelp = args.includes("--help");
  try {
    await program.parseAsync([...args, ...(isHelp ? [] : ["--config", join(folder, "slotkeeper.yaml")])], {
      from: "user",
    });
    return { status: Number(process.exitCode ?? 0), stdout, stderr };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { status: error.exitCode === 0 ? 0 : 2, stdout, stderr };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
}
/** What the ports heard, without who asked: that is the same for all. */
const calls = () => api.respond.calls.map((call) => call.replace(" by api token from 127.0.0.1", ""));

test("an incident is declared by a few words, shown, worked on, and resolved; each step is audited", async () => {
  const declared = await run(
    "incident",
    "declare",
    "bn1",
    "and",
    "bn2",
    "are",
    "down",
    "--severity",
    "sev2",
    "--page",
    "default",
  );
  expect(declared).toMatchObject({
    status: 0,
    stdout: "INC-2 is declared, paging default\nNext: slotkeeper incident show INC-2\n",
  });
  expect((await spawned("incident", "ack", "2")).stdout).toBe("INC-2 is yours\n");
  const role = ["--role", "commander=ann", "--role", "scribe=bob", "--note", "disk full"];
  expect((await run("incident", "update", "inc-2", "--status", "identified", ...role)).stdout).toBe(
    "INC-2 is changed\n",
  );
  expect((await run("incident", "update", "INC-2", "--note", "a note alone")).stdout).toBe("noted\n");
  const shown = await run("incident", "show", "INC-2");
  expect(shown.stdout).toMatch(/^INC-2 {2}sev2 {2}identified: bn1 and bn2 are down\n/);
  expect(shown.stdout).toContain("commander: ann, scribe: bob");
  const listed = await run("incident", "list");
  expect(listed.stdout).toMatch(/\nINC-2 +sev2 +identified .* ann .* bn1 and bn2 are down\nINC-1 /);
  expect((await run("incident", "resolve", "2", "--summary", "disk replaced")).stdout).toBe("INC-2 is resolved\n");
  expect((await run("incident", "list")).stdout).not.toContain("INC-2");
  expect((await run("incident", "list", "--all")).stdout).toMatch(/INC-2 +sev2 +resolved/);
  expect(calls()).toEqual([
    'declare INC-2 sev2 "bn1 and bn2 are down", paging default',
    "acknowledge INC-2",
    'update {"status":"identified","roles":{"commander":"ann","scribe":"bob"},"note":"disk full"} INC-2',
    'note "a note alone" INC-2',
    "resolve INC-2",
  ]);
  expect(api.audited.filter(({ result }) => result === "asked").map(({ action }) => action)).toEqual([
    ...["incident.declare", "incident.acknowledge", "incident.update", "incident.note", "incident.resolve"],
  ]);
});

test("an incident is declared for a script, assessed and merged", async () => {
  const args = [
    "incident",
    "declare",
    "x",
    "--key",
    "k",
    "--label",
    "host=h1",
    "--label",
    "dc=fra",
    "--type",
    "provider",
    "--json",
  ];
  for (let turn = 0; turn < 2; turn++)
    expect(JSON.parse((await run(...args)).stdout)).toMatchObject({
      reference: "INC-2",
      auditId: expect.any(Number) as number,
    });
  expect(api.respond.kept.get("INC-2")).toMatchObject({ labelSets: [{ host: "h1", dc: "fra" }], type: "provider" });
  expect((await run("incident", "assess", "1")).stdout).toMatch(/^INC-1 .*\n[\s\S]*assessment of /);
  expect((await run("incident", "merge", "INC-2", "--into", "1")).stdout).toBe("INC-2 is part of INC-1\n");
  expect(calls().slice(1)).toEqual(["assess INC-1", "merge into INC-1 INC-2"]);
});

test("alerts: what fires, rules, history and a test", async () => {
  expect((await run("alerts", "list")).stdout).toMatch(
    /^1 alert fires\.\n\nseverity[\s\S]*critical +firing .* NodeDown +bn1 is down +INC-1\n/,
  );
  expect((await run("alerts", "rules")).stdout).toContain("DiskFull: needs host metrics");
  expect((await run("alerts", "history", "--alert", "NodeDown", "--limit", "5")).stdout).toMatch(
    /firing +critical +NodeDown/,
  );
  expect((await run("alerts", "test", "--severity", "critical")).stdout).toBe(
    "a test alert (critical) fires for 60 s\nSee where it went: slotkeeper page list\n",
  );
  expect(JSON.parse((await run("alerts", "list", "--json")).stdout)).toMatchObject({ alerts: [{ state: "firing" }] });
});

test("a silence is made of matchers as people write them, listed, and ended", async () => {
  const before = Date.now();
  const made = await run(
    "alerts",
    "silence",
    "node=bn1",
    'customer=~"acme|globex"',
    "--for",
    "2h",
    "--comment",
    "update",
  );
  expect(made.stdout).toMatch(
    /^silence s1 is made\nuntil \d{4}-.* UTC \(.*in 2 h\)\nEnd it sooner: slotkeeper alerts unsilence s1\n$/,
  );
  const [silence] = api.respond.silences().silences;
  expect(silence?.matchers).toEqual([
    { name: "node", op: "=", value: "bn1" },
    { name: "customer", op: "=~", value: "acme|globex" },
  ]);
  expect((silence?.endsAt ?? 0) - before).toBeGreaterThanOrEqual(7_200_000);
  expect((silence?.endsAt ?? 0) - before).toBeLessThan(7_260_000);
  expect((await run("alerts", "silences")).stdout).toContain('s1  node="bn1", customer=~"acme|globex"');
  expect((await run("alerts", "unsilence", "s1")).stdout).toBe("silence s1 has ended\n");
  expect((await run("alerts", "silences")).stdout).toBe("No silence is in force.\n1 silence over.\n");
});

test("a rule is tried out on the history", async () => {
  const tried = await run("alerts", "backtest", "--expr", "a > 1", "--for", "5m", "--hours", "48");
  expect(tried.stdout).toMatch(
    /\(2 d\)[\s\S]*tried +1 +1 \+ 0 +a > 1\n[\s\S]*UNKNOWN: no history is kept of disk_days_to_full/,
  );
  expect((await run("alerts", "backtest", "NodeDown")).stdout).toContain("upstream_down == 1");
  expect(await run("alerts", "backtest", "Nope")).toMatchObject({
    status: 2,
    stderr: "slotkeeper: There is no rule Nope. (not-found)\n",
  });
});

test("on call: now, next and an override; check ends with 1 where something is found, with 0 where nothing is", async () => {
  expect((await run("oncall", "now")).stdout).toMatch(/^primary: ann until [\s\S]*backup: NOBODY\n$/);
  expect((await run("oncall", "next", "--json")).stdout).toContain('"by": "override"');
  const range = ["--from", "2026-12-01T18:00Z", "--to", "+12h"];
  const made = await run("oncall", "override", "primary", "bob", ...range);
  expect(made.stdout).toMatch(
    /^bob is on call for primary \(override o2\)\nfrom 2026-12-01 18:00 UTC .*\nuntil 2026-12-02 06:00 UTC /,
  );
  expect((await run("oncall", "remove-override", "o2")).stdout).toBe("override o2 is removed\n");
  expect(calls()).toEqual([
    "override primary bob 2026-12-01T18:00:00.000Z 2026-12-02T06:00:00.000Z",
    "remove override o2",
  ]);
  expect(await spawned("oncall", "check")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^backup: nobody on call/) as string,
  });
  api.respond.onCall = () => Promise.resolve(onCallPage({ findings: [] }));
  expect((await run("oncall", "check")).status).toBe(0);
});

test("a test page is waited for: accepted ends with 0, with the result of each", async () => {
  const waiting = runCommand(folder, "page", "test", "--person", "bob", "--wait");
  await waiting.says(/Waiting for the results/);
  expect(waiting.output().stdout).toBe("");
  const at = Date.now();
  api.respond.shownPages = [shownPage({ id: "m2", recipient: "bob", createdAt: at, sentAt: at + 800 })];
  expect([await waiting.ended, waiting.output().stdout]).toEqual([
    ...[0, "bob by mail (m2): accepted by the provider after 800 ms\n"],
  ]);
});

test("a test page that fails, or is not sent in time, ends with 1; without --wait nothing is claimed", async () => {
  const { testPage } = api.respond;
  const slow = await run("page", "test", "--wait", "--within", "1");
  expect([slow.status, slow.stdout]).toEqual([1, expect.stringContaining("ann by mail (m2): NOT SENT YET")]);
  api.respond.testPage = async (body, by) => {
    const asked = await testPage(body, by);
    api.respond.shownPages = api.respond.shownPages.map((page) =>
      page.kind === "test" ? { ...page, state: "failed", errorClass: "refused", detail: "no such mailbox" } : page,
    );
    return asked;
  };
  const failed = await run("page", "test", "--wait", "--json");
  expect(failed.status).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    pages: [{ id: "m3", page: { state: "failed", detail: "no such mailbox" } }],
  });
  expect((await run("page", "test", "--channel", "mail")).stdout).toMatch(
    /^1 test page is on its way\n {2}m4 {2}ann by mail\n/,
  );
});

test("pages are listed by state and settled by a person; a page is traced to its node", async () => {
  api.respond.shownPages = [
    shownPage(),
    shownPage({ id: "m2", state: "held", title: "evil \u001b]0;owned\u0007 \u009b31m" }),
  ];
  const held = await run("page", "list", "--state", "held");
  expect(held.stdout).toMatch(/\nm2 .* held +ann +mail +evil \]0;owned 31m/);
  expect(held.stdout).not.toContain("m1");
  const json = (await run("page", "list", "--state", "held", "--json")).stdout;
  expect(json).not.toMatch(/[\u001b\u009b]/);
  expect(json).toContain("\\u009b31m");
  expect((await run("page", "settle", "m2", "arrived")).stdout).toBe("page m2 is sent\n");
  expect(await run("page", "settle", "m1", "send-again")).toMatchObject({
    status: 2,
    stderr: "slotkeeper: Page m1 is sent, not held. (conflict)\n",
  });
  const traced = await run("trace", "m1");
  expect(traced.stdout).toMatch(
    /^bn1 is down\npage m1 [\s\S]*message[\s\S]*incident[\s\S]*alert[\s\S]*duty[\s\S]*node +bn1: down, no answer/,
  );
  expect(traced.stdout).toContain(`http://127.0.0.1:${api.server.address.port}/nodes/bn1`);
  expect((await run("trace", "m9")).stderr).toContain("There is no page m9. (not-found)");
});

test("an alert whose words command a terminal cannot", async () => {
  api.respond.shownAlerts = [shownAlert({ summary: "\u001b[2J\nfine" })];
  const { stdout } = await run("alerts", "list");
  expect(stdout).toContain("[2J fine");
  expect(stdout).not.toContain("\u001b");
});

test.each([
  [["incident", "show", "INC-x"], "such as INC-17 or 17"],
  [["incident", "update", "1"], "say what to change"],
  [["incident", "update", "1", "--role", "king=ann"], "there is no role king; roles: commander"],
  [["incident", "update", "1", "--role", "ann"], "write name=value"],
  [["incident", "update", "1", "--status", "fixed"], "Allowed choices are investigating"],
  [["incident", "merge", "1"], "--into"],
  [["alerts", "silence", "node=bn1", "--for", "2h"], "--comment"],
  [["alerts", "silence", "node=bn1", "--for", "soon", "--comment", "x"], "such as 30m, 2h or 1d12h"],
  [["alerts", "silence", "bn1", "--for", "2h", "--comment", "x"], '"bn1" is no matcher: write node=bn1'],
  [["alerts", "silence", "node=~[", "--for", "2h", "--comment", "x"], "node=~["],
  [["alerts", "backtest", "A", "--expr", "b"], "not both"],
  [["alerts", "backtest", "A", "--for", "5m"], "--for belongs to --expr"],
  [["oncall", "override", "primary", "bob", "--to", "soon"], '--to "soon" is no instant: write "now"'],
  [["oncall", "override", "primary", "bob", "--from", "+2h", "--to", "+0"], "--to must come after --from"],
  [["page", "settle", "m1", "maybe"], "arrived, send-again"],
])("%j is written wrongly: 2, with what to write, and nothing is asked", async (args, words) => {
  const { status, stdout, stderr } = await run(...args);
  expect([status, stdout, api.respond.calls]).toEqual([2, "", []]);
  expect(stderr).toContain(words);
});

test("a monitor that is not there is 2, a configuration that is not there is 3", async () => {
  await api.server.stop();
  const lost = await spawned("incident", "declare", "x");
  expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining("nobody answers there")]);
  api.server = await api.start({ host: "127.0.0.1", port: 0 });
  expect((await spawned("oncall", "now", "--config", "none.yaml")).status).toBe(3);
});

test.each(["incident", "oncall", "alerts", "page", "trace"])(
  "slotkeeper %s --help says what the exit status means and gives an example",
  async (name) => {
    const { status, stdout } = await run(name, "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/Exit status:\n[\s\S]*Examples?:\n {2}slotkeeper /);
  },
);
