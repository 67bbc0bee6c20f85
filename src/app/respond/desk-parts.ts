import type { HistoryFrame } from "../../alerts/backtest.ts";
import type { Labels } from "../../alerts/labels.ts";
import type { AuditLog } from "../../access/audit.ts";
import type { SettingsPage } from "../../api/contract-respond.ts";
import type { DutyException } from "../../duties/types.ts";
import type { IsolationOffer, IsolationStep } from "../../incidents/isolation/types.ts";
import type { Incident } from "../../incidents/types.ts";
import type { Clock } from "../../lib/clock.ts";
import type { OutboxStore } from "../../outbox/ports.ts";
import type { RespondSettings } from "../../respond/settings.ts";
import type { RespondStore } from "../../respond/types.ts";
import type { RespondEngine } from "./respond-engine.ts";
import type { Undelivered } from "./undelivered.ts";

/** What the desk is joined to. */
export interface DeskParts {
  engine: RespondEngine;
  store: RespondStore;
  outbox: OutboxStore;
  settings: () => RespondSettings;
  /** Of this installation: what links in messages are signed with. */
  linkKey: string;
  clock: Clock;
  newId: () => string;
  audit: AuditLog;
  /** Called when something may look different. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  revision: () => number;
  undelivered(): Undelivered;
  /** When a schedule or an override was last changed, ms since 1970. */
  scheduleChangedAt(): number;
  /** Judges an incident again, and waits for it. */
  assess(reference: string): Promise<void>;
  offers(incident: Incident): readonly IsolationOffer[];
  carryOut(step: IsolationStep, why: string, by: string): Promise<void>;
  /** A slashing was closed by a person: what is slashed by now of validators with one of these sets of labels is no alarm any more. */
  closeSlashings(subjects: readonly Labels[]): Promise<void>;
  history(fromAt: number, toAt: number): Promise<{ frames: HistoryFrame[]; factsWithout: string[] }>;
  losses(labels: Labels, at: number): Promise<readonly DutyException[]>;
  nodeChanges(node: string, at: number): Promise<readonly { at: number; text: string }[]>;
  settingsPage(): Promise<SettingsPage>;
}

/** "alice" of "alice from 127.0.0.1": timelines name people, the audit also says from where. */
export function personOf(by: string): string {
  return by.replace(/ from [^ ]+$/, "").replace(/^api token "(.+)"$/, "$1");
}
