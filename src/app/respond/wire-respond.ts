import { randomBytes, randomUUID } from "node:crypto";
import type { Registry } from "prom-client";
import { Agent } from "undici";
import { labelKey, pickLabels } from "../../alerts/labels.ts";
import type { RespondPorts } from "../../api/ports-respond.ts";
import type { ControlClient } from "../../control/client.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { IsolationStep } from "../../incidents/isolation/types.ts";
import { startHeartbeat, type Heartbeat } from "../../notify/heartbeat.ts";
import { startSender, type Sender } from "../../notify/start-sender.ts";
import { outboxRules } from "../../outbox/rules.ts";
import { linkLifeMs, signLink } from "../../respond/links.ts";
import type { RespondContext } from "../../respond/draft.ts";
import { outboxStore } from "../../store/outbox/outbox-store.ts";
import { respondStore } from "../../store/respond-store.ts";
import type { Store } from "../../store/store.ts";
import type { ValidConfig } from "../config/load.ts";
import type { WiredDuties } from "../duties/wire-duties.ts";
import { createFactSupply } from "../facts/create-fact-supply.ts";
import { createFleetIo } from "../fleet-io.ts";
import { createListeners } from "../listeners.ts";
import type { RoleParts } from "../run-role.ts";
import type { WiredSignals } from "../signals/wire-signals.ts";
import { createAssessor } from "./assess-incidents.ts";
import { followPromql } from "./ask-prometheus.ts";
import { createChores } from "./chores.ts";
import { createHoldCarrier } from "./carry-out-holds.ts";
import { openClosedSlashings } from "./closed-slashings.ts";
import { slashedBy } from "./desk-incidents.ts";
import { createJudge } from "./judge-alarms.ts";
import { changesNear, lossesNear } from "./near-by.ts";
import { createRespondDesk } from "./respond-desk.ts";
import type { DeskParts } from "./desk-parts.ts";
import { gatherAssessment } from "./gather-assessment.ts";
import { offersFor, readProposals } from "./offers.ts";
import { openChannels } from "./open-channels.ts";
import { createPromqlAnswers } from "./promql-answers.ts";
import { createRespondEngine } from "./respond-engine.ts";
import { registerRespondMetrics } from "./respond-metrics.ts";
import { showSettings } from "./settings-view.ts";
import { nothingUndelivered, readUndelivered, type Undelivered } from "./undelivered.ts";
import { whyNotWell } from "./why-not-well.ts";

export interface RespondParts {
  store: Store;
  duties: WiredDuties;
  signals: WiredSignals;
  observed(): readonly ObservedGateway[];
  gateways(): ReadonlyMap<string, ControlClient>;
  metrics: Registry;
  /** Since when the store takes no writes; `undefined`: it takes them. */
  storeFailingSince(): number | undefined;
}

export interface WiredRespond {
  ports: RespondPorts;
  reconfigure(next: ValidConfig): void;
  stop(): Promise<void>;
}

const tickMs = 1_000;
const undeliveredMs = 10_000;
const expireMs = 3_600_000;
const keepMs = 180 * 86_400_000;
const expireAtOnce = 5_000;

/** Alarms, in the order in which data flows: facts → rules → alarms → incidents → messages → people. */
export async function wireRespond(role: RoleParts, parts: RespondParts): Promise<WiredRespond> {
  const { clock, log, random } = role;
  const { store, duties, signals, observed, gateways } = parts;
  let { config } = role.loaded;
  const undo: (() => void | Promise<void>)[] = [];
  const rows = { rules: outboxRules, newId: randomUUID };
  const outbox = outboxStore(store.db, rows);
  const respond = respondStore(store.db, rows);
  const linkKey = await linkKeyOf(store, clock.now());
  const slashings = await openClosedSlashings(store);
  const changes = createListeners<[]>();
  let revision = 0;
  const startedAt = clock.now();
  let scheduleChangedAt = startedAt;
  let judged = 0;
  let undelivered: Undelivered = nothingUndelivered;
  const channelNames = () => config.channels.map(({ name }) => name);
  let sender: Sender | undefined;
  const context = (): Omit<RespondContext, "now"> => ({
    settings: config.respond,
    listeningSince: startedAt,
    // What observes nodes without a gateway holds nothing.
    gateways: observed()
      .filter(({ name }) => gateways().has(name))
      .map(({ name, status }) => ({ gateway: name, groups: (status?.groups ?? []).map(({ group }) => group) })),
    linkTo: (target, person) =>
      `${config.respond.publicUrl}/acknowledge/${signLink(linkKey, { target, person, expiresAt: clock.now() + linkLifeMs })}`,
  });
  const engine = await createRespondEngine({
    ...{ store: respond, outbox, context, clock },
    onCommitted(commit) {
      revision += 1;
      if (commit.put.some(({ kind }) => kind === "override")) scheduleChangedAt = clock.now();
      if (commit.messages.length > 0) sender?.wake();
      look();
      changes.tell();
    },
  });
  // What may fail is behind: from here on things are opened.
  const dispatcher = new Agent({ connections: 10, connectTimeout: 5_000 });
  undo.push(() => dispatcher.destroy());
  const { io, close } = createFleetIo(clock);
  undo.push(close);
  const assessor = createAssessor({
    ...{ engine, clock, log, judged: () => judged },
    gather: (question) => gatherAssessment({ store, duties, signals, observed }, question),
  });
  const holds = createHoldCarrier({ engine, gateways, observed, audit: store.audit, clock, log });
  let isStopping = false;
  function look(): void {
    if (isStopping) return;
    assessor.look();
    holds.look();
  }

  const figures = registerRespondMetrics(parts.metrics, {
    ...{ state: engine.state, undelivered: () => undelivered, lastJudgedAt: engine.lastJudgedAt, now: clock.now },
  });
  const sent = new Map<string, { sent: number; failed: number; lastError: string | undefined }>();
  const startSending = () =>
    startSender({
      ...{ store: outbox, clock, random, log },
      channels: openChannels(config.channels, { dispatcher, clock, source: config.respond.publicUrl }),
      onOutcome(message, outcome) {
        figures.outcome(message, outcome);
        const before = sent.get(message.channel) ?? { sent: 0, failed: 0, lastError: undefined };
        sent.set(
          message.channel,
          outcome.kind === "sent"
            ? { ...before, sent: before.sent + 1 }
            : { ...before, failed: before.failed + Number(outcome.kind === "failed"), lastError: outcome.detail },
        );
        revision += 1;
        changes.tell();
      },
    });
  sender = startSending();
  let changingSender: Promise<void> = Promise.resolve();
  undo.push(async () => {
    await changingSender;
    await sender?.stop();
  });

  const supply = createFactSupply({
    ...{ config: () => config, observed, duties, signals, store, clock, log },
    undelivered: () => undelivered.byChannel,
    closedSlashings: slashings.closed,
    storeFailingSince: parts.storeFailingSince,
  });
  undo.push(() => supply.stop());
  const answers = createPromqlAnswers(() => config.respond.rules);
  const promql = followPromql({
    ...{ rules: () => config.respond.rules, server: config.prometheus, get: io.get, clock, random },
    onAnswer: answers.put,
    onProblem: ({ alert, message }) => log.warn({ alert, problem: message }, "a promql rule has no answer"),
  });
  undo.push(() => promql.stop());

  const chores = createChores(log);
  const judge = createJudge({
    ...{ engine, log, onJudged: look },
    facts: () => ({
      facts: supply.facts(clock.now()),
      answers: answers.current(),
      removed: supply.removed(clock.now()),
    }),
  });
  duties.onStored(() => (judged += 1));
  // From here on in the order of stopping, last first: nothing is begun any more, then what runs ends, then its tools go.
  undo.push(
    () => chores.idle(),
    async () => {
      await engine.idle();
      await Promise.all([assessor.idle(), holds.idle()]);
      await engine.idle();
    },
    () => judge.idle(),
    supply.onChange(judge.look),
    clock.every(tickMs, judge.look),
    clock.every(
      undeliveredMs,
      chores.add("counting messages", async () => {
        undelivered = await readUndelivered(outbox, channelNames());
      }),
    ),
    clock.every(
      expireMs,
      chores.add("removing old alarms", async () => {
        await respond.expire(clock.now() - keepMs);
        await outbox.expire((await outbox.now()) - keepMs, expireAtOnce);
      }),
    ),
    () => void (isStopping = true),
  );

  let heartbeat: Heartbeat | undefined;
  const beat = (): Heartbeat | undefined =>
    config.heartbeat &&
    startHeartbeat({
      ...{ url: config.heartbeat.url, everyMs: config.heartbeat.everyMs, clock, dispatcher },
      isWell: () =>
        whyNotWell({
          ...{ state: engine.state(), lastJudgedAt: engine.lastJudgedAt(), undelivered, now: clock.now() },
          storeFailingSince: parts.storeFailingSince(),
        }),
      onOutcome(outcome) {
        figures.beat(outcome.kind);
        if (outcome.kind === "withheld") log.error({ why: outcome.why }, "the dead-man heartbeat is withheld");
        if (outcome.kind === "failed") log.warn({ detail: outcome.detail }, "the dead-man heartbeat did not arrive");
      },
    });
  heartbeat = beat();
  undo.push(() => heartbeat?.stop());

  async function carryOut(step: IsolationStep, why: string, by: string): Promise<void> {
    const client = gateways().get(step.gateway);
    if (!client) throw new Error(`no gateway is called ${step.gateway}`);
    if (step.kind === "hold") return client.hold(step.group, why, by);
    if (step.kind === "drain") return client.drain(step.group, step.node, by, false);
    return client.setOperatorState(step.group, step.node, "cordoned", by);
  }

  const groupOf = (index: number) => duties.watched().byIndex.get(index)?.labels["group"];
  const desk: DeskParts = {
    ...{ engine, store: respond, outbox, linkKey, clock, newId: randomUUID, audit: store.audit, carryOut },
    settings: () => config.respond,
    onChange: changes.add,
    revision: () => revision,
    scheduleChangedAt: () => scheduleChangedAt,
    undelivered: () => undelivered,
    assess: assessor.assess,
    offers: (incident) =>
      offersFor(incident, {
        ...{ config: () => config, observed, hosts: signals.hosts, now: clock.now },
        validatorsBehind: (group) =>
          duties.watched().cohorts.find(({ key, value }) => key === "group" && value === group)?.members.length,
        nextProposals: () => readProposals(duties.ports, groupOf),
      }),
    closeSlashings(subjects) {
      const keys = new Set(subjects.map(labelKey));
      const { byIndex } = duties.watched();
      const subjectOf = (index: number) => pickLabels(byIndex.get(index)?.labels ?? {}, slashedBy);
      return slashings.close((index) => keys.has(labelKey(subjectOf(index))), clock.now());
    },
    history: supply.history,
    losses: (labels, at) => lossesNear(duties, labels, at),
    nodeChanges: (node, at) => changesNear(store, node, at),
    settingsPage: () =>
      Promise.resolve(
        showSettings({ config, sent, version: role.version, heartbeat: heartbeat?.state(), observed: observed() }),
      ),
  };

  return {
    ports: createRespondDesk(desk),
    reconfigure(next) {
      ({ config } = next);
      scheduleChangedAt = clock.now();
      supply.reconfigure(config);
      promql.reconfigure({ server: config.prometheus });
      // A secret prints as nothing that could be compared: channels are opened anew with every configuration.
      changingSender = changingSender.then(async () => {
        await sender?.stop();
        sender = startSending();
      });
      heartbeat?.stop();
      heartbeat = beat();
      revision += 1;
      changes.tell();
      judge.look();
    },
    async stop() {
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

/** Made once for this installation and kept in its store, so that links stay good through a restart and on another monitor. */
async function linkKeyOf({ settings }: Store, now: number): Promise<string> {
  const known = await settings.get("respond-link-key");
  if (known !== undefined) return known;
  const made = randomBytes(32).toString("base64url");
  await settings.set("respond-link-key", made, now);
  return made;
}
