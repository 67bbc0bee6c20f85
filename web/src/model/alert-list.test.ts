import { describe, expect, it } from "vitest";
import type { AlertsPage, ShownAlert, ShownEpisode } from "../../../src/api/contract-respond.ts";
import { alertsSentence, groupAlerts, isFound } from "./alert-list.ts";

function alertOf(fingerprint: string, changes: Partial<ShownAlert> = {}): ShownAlert {
  return {
    ...{ fingerprint, state: "firing", source: "rules", labels: { alertname: "NodeDown", node: fingerprint } },
    ...{ severity: "warning", summary: `${fingerprint} is down`, description: "", runbook: "", playbook: "" },
    ...{ value: 1, startsAt: 1, unknownSince: 0, suppressedBy: [], groupKey: "g1", incident: undefined },
    ...changes,
  };
}
function episodeOf(id: string, changes: Partial<ShownEpisode> = {}): ShownEpisode {
  return {
    ...{ id, groupKey: id, title: id, severity: "warning", labels: {}, startsAt: 1, incident: undefined },
    ...{ escalation: undefined, told: [] },
    ...changes,
  };
}
const pageOf = (alerts: ShownAlert[], episodes: ShownEpisode[] = []): AlertsPage => ({
  ...{ at: 1, alerts, episodes, problems: [] },
});
const shape = (page: AlertsPage, search = {}) =>
  groupAlerts(page, search).map(({ key, alerts }) => [key, ...alerts.map(({ fingerprint }) => fingerprint)]);

describe("groupAlerts", () => {
  it("puts the worst and untaken on top, and what nobody was told of last", () => {
    const taken = { kind: "acknowledged", policy: "p", by: "alice", nextAt: undefined } as const;
    const page = pageOf(
      [
        alertOf("a"),
        alertOf("b", { groupKey: "g2" }),
        alertOf("c", { groupKey: "g3" }),
        alertOf("d", { groupKey: "x" }),
      ],
      [
        episodeOf("g1"),
        episodeOf("g2", { severity: "critical", escalation: taken }),
        episodeOf("g3", { severity: "critical", startsAt: 9 }),
      ],
    );
    expect(shape(page)).toEqual([
      ["g3", "c"],
      ["g2", "b"],
      ["g1", "a"],
      ["untold", "d"],
    ]);
  });

  it("puts firing before pending, and suppressed after open", () => {
    const silenced = [{ kind: "silence", id: "s", reason: "silenced" as never }] as const;
    const page = pageOf([
      alertOf("pending", { state: "pending", severity: "critical" }),
      alertOf("quiet", { severity: "critical", suppressedBy: silenced }),
      alertOf("open"),
    ]);
    expect(shape(page)).toEqual([["untold", "open", "quiet", "pending"]]);
  });

  it("keeps an episode whose alerts are over, but not when something else is looked for", () => {
    const page = pageOf([], [episodeOf("g1")]);
    expect(shape(page)).toEqual([["g1"]]);
    expect(shape(page, { find: "bn" })).toEqual([]);
  });
});

describe("isFound", () => {
  const alert = alertOf("bn-1", { incident: "INC-4" });
  it.each(["", "BN-1", "node=bn-1", "inc-4 down", "firing"])("finds by %j", (find) =>
    expect(isFound(alert, { find })).toBe(true),
  );
  it.each(["bn-2", "down bn-2"])("does not find by %j", (find) => expect(isFound(alert, { find })).toBe(false));
  it("narrows to a severity", () => expect(isFound(alert, { severity: "critical" })).toBe(false));
});

describe("alertsSentence", () => {
  it("counts what asks for somebody, and says apart what does not", () => {
    const silenced = [{ kind: "silence", id: "s", reason: "silenced" as never }] as const;
    const page = pageOf([
      alertOf("a", { severity: "critical" }),
      alertOf("b"),
      alertOf("c", { suppressedBy: silenced, unknownSince: 5 }),
      alertOf("d", { state: "pending" }),
    ]);
    expect(alertsSentence(page)).toEqual({
      tone: "bad",
      sentence: "1 critical alert fires, and 1 below it.",
      line: "1 firing alert is suppressed; 1 is pending; 1 is kept although its facts are missing.",
    });
  });
  it("never calls it fine while a rule cannot be judged", () => {
    const page = { ...pageOf([]), problems: [{ alert: "X", reason: "no-facts", count: 1 }] };
    expect(alertsSentence(page)).toMatchObject({ tone: "unknown", line: "1 rule cannot be judged." });
    expect(alertsSentence(pageOf([])).tone).toBe("fine");
  });
});
