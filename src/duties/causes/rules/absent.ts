import type { CauseEvidence } from "../../types.ts";
import { askedEvidence, found } from "../say.ts";
import { isReadWhole, isSameClient } from "../scene.ts";
import type { CauseRule, Scene } from "../types.ts";

/** How near to the duty key reconciliation must have looked, in epochs. */
const keyEpochs = 4;

/** The key was not where it should be. */
export const keyNotLoaded: CauseRule = (scene) => {
  const { message, validator, isWhole, asked } = scene;
  const key = validator?.key;
  if (message !== undefined || key === undefined || !isRecent(scene, key.at)) return undefined;
  const evidence = keyEvidence(scene);
  // Clients that wait for doppelgangers hold their keys back for some epochs on purpose.
  if (key.state === "doppelganger") return found("doppelganger", isWhole ? "certain" : "likely", evidence);
  if (key.state !== "missing") return undefined;
  const rest = asked.at(-1);
  return found("key-not-loaded", isWhole ? "certain" : "likely", evidence, rest && askedEvidence(scene, rest));
};

function isRecent({ record: { network }, startAt }: Scene, at: number): boolean {
  const { slotsPerEpoch, slotDurationMs } = network.spec;
  return Math.abs(at - startAt) <= keyEpochs * slotsPerEpoch * slotDurationMs;
}

function keyEvidence({ validator }: Scene): CauseEvidence | undefined {
  const { key } = validator ?? {};
  const words = key?.state === "doppelganger" ? "waits for doppelgangers with it" : "has not loaded it";
  return key && { origin: `validator-client:${key.place}`, at: key.at, text: `${key.place} ${words}` };
}

/** Its client was heard neither in this slot nor in the others of a whole epoch around it: it is down, or cannot come through. */
export const clientDown: CauseRule = (scene) => {
  const span = silence(scene);
  const { record, home, slot } = scene;
  if (!span || !home) return undefined;
  const { slotsPerEpoch, slotDurationMs } = record.network.spec;
  const [from, to] = [span.before ?? slot - 2 * slotsPerEpoch, span.after ?? slot + slotsPerEpoch];
  const timeOf = (at: number) => scene.startAt + (at - slot) * slotDurationMs;
  if (to - from <= slotsPerEpoch || !isReadWhole(record.coverage, home, timeOf(from), timeOf(slot + 2)))
    return undefined;
  return found("client-silent", "certain", silenceEvidence(scene, span));
};

/** Its client was not heard in this slot. One with few keys may have had nothing else to do in it. */
export const clientSilent: CauseRule = (scene) => {
  const span = silence(scene);
  return span && found("client-silent", scene.isWhole ? "likely" : "possible", silenceEvidence(scene, span));
};

interface Silence {
  /** The slots in which it was heard last before, and first after; `undefined`: not in two epochs. */
  before: number | undefined;
  after: number | undefined;
}

function silence(scene: Scene): Silence | undefined {
  const { message, home, asked, sight } = scene;
  if (message !== undefined || home === undefined || asked.length > 0) return undefined;
  if (sight?.clients.has(clientKey(home)) === true) return undefined;
  return { before: lastHeard(scene, -1), after: lastHeard(scene, 1) };
}

function silenceEvidence({ home, slot }: Scene, { before, after }: Silence): CauseEvidence {
  const heard = before === undefined ? "not heard in two epochs before" : `last heard in slot ${before}`;
  const again = after === undefined ? "" : `, and again in slot ${after}`;
  const text = `${home?.client ?? "its client"} sent no request in slot ${slot}: ${heard}${again}`;
  return { origin: `gateway:${home?.gateway ?? ""}`, at: home?.at, text };
}

function lastHeard({ record, home, slot }: Scene, step: 1 | -1): number | undefined {
  const slots = 2 * record.network.spec.slotsPerEpoch;
  for (let away = 1; home && away <= slots; away++)
    if (record.gateways.get(slot + step * away)?.clients.has(clientKey(home))) return slot + step * away;
  return undefined;
}

export const clientKey = ({ gateway, group, client }: { gateway: string; group: string; client: string }): string =>
  `${gateway}/${group}/${client}`;

/** Its client had what it signs, and sent nothing of this validator. */
export const notSigned: CauseRule = (scene) => {
  const { message, home, asked, isWhole, sight, lost } = scene;
  const served = asked.findLast(({ status }) => status < 300);
  if (message !== undefined || home === undefined || served === undefined || lost.kind === "sync") return undefined;
  const kind = lost.kind === "proposal" ? "block" : "attestation";
  let others = 0;
  for (const messages of sight?.messages.values() ?? [])
    if (messages.some((each) => each.kind === kind && isSameClient(each, home))) others++;
  const text = `${home.client} published for ${others} other validators in this slot`;
  const evidence = { origin: `gateway:${home.gateway}`, at: undefined, text };
  return found("not-signed", isWhole ? "likely" : "possible", askedEvidence(scene, served), evidence);
};

/** Its client was there, and did not ask for this duty. */
export const notAsked: CauseRule = (scene) => {
  const { message, home, asked, isWhole, slot, lost } = scene;
  if (message !== undefined || home === undefined || asked.length > 0) return undefined;
  const what = { attestation: "attestation data", proposal: "a block", sync: "a sync message", slashing: "anything" };
  const verb = lost.kind === "sync" ? "published no" : "did not ask for";
  const text = `${home.client} sent other requests in slot ${slot}, and ${verb} ${what[lost.kind].replace(/^a /, "")}`;
  const evidence = { origin: `gateway:${home.gateway}`, at: undefined, text };
  return found(lost.kind === "sync" ? "sync-not-published" : "not-asked", isWhole ? "likely" : "possible", evidence);
};

/** The gateway itself was not there. */
export const gatewayDown: CauseRule = ({ message, home, record, startAt, dueAt }) => {
  if (message !== undefined || home === undefined) return undefined;
  const gaps = record.coverage.find(({ gateway }) => gateway === home.gateway)?.gaps ?? [];
  const gap = gaps.find(({ isRestart, fromAt, toAt }) => isRestart && fromAt <= dueAt && toAt >= startAt);
  if (!gap) return undefined;
  const text = `it was read last at ${new Date(gap.fromAt).toISOString()}, and another process began at ${new Date(gap.toAt).toISOString()}`;
  return found("gateway-down", "likely", { origin: `gateway:${home.gateway}`, at: gap.toAt, text });
};
