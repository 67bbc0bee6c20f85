import type { Secret } from "../../fleet/secret.ts";
import type { SecretRef } from "../../fleet/config-values.ts";
import type { ChannelConfig, HeartbeatConfig } from "../respond/channel-config.ts";
import type { AlertsInput } from "./alert-sections.ts";
import type { ChannelInput } from "./channel-sections.ts";
import type { ConfigPath } from "./problem.ts";
import { readTrust } from "./read-tls.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

/** Reads the secrets of each channel. One with a finding is left out. */
export async function resolveChannels(inputs: readonly ChannelInput[], source: SecretSource): Promise<ChannelConfig[]> {
  const resolved = await Promise.all(inputs.map((input, i) => resolveChannel(input, ["channels", i], source)));
  return resolved.filter((channel) => channel !== undefined);
}

async function resolveChannel(
  input: ChannelInput,
  at: ConfigPath,
  source: SecretSource,
): Promise<ChannelConfig | undefined> {
  const { name } = input;
  const read = (key: string, ref: SecretRef) => readSecret(ref, [...at, key], source);
  switch (input.kind) {
    case "slack":
    case "telegram": {
      const token = await read("token", input.token);
      return token && { name, kind: input.kind, place: input.address, token, url: input.url };
    }
    case "pagerduty": {
      const routingKey = await read("routingKey", input.routingKey);
      return routingKey && { name, kind: "pagerduty", place: "", routingKey, url: input.url };
    }
    case "email":
      return resolveEmail(input, at, source);
    case "webhook": {
      const [url, signingKey] = [
        await readUrl(input.url, [...at, "url"], source),
        await read("signingKey", input.signingKey),
      ];
      return url && signingKey && { name, kind: "webhook", place: "", url, signingKey };
    }
  }
}

const ports = { starttls: 587, tls: 465, none: 25 } as const;

async function resolveEmail(
  input: Extract<ChannelInput, { kind: "email" }>,
  at: ConfigPath,
  source: SecretSource,
): Promise<ChannelConfig | undefined> {
  const { name, host, security, port = ports[security], user, from, address: place } = input;
  const password = input.password && (await readSecret(input.password, [...at, "password"], source));
  const { ca } = input.ca === undefined ? {} : await readTrust({ ca: input.ca }, at, source);
  const login = user !== undefined && password ? { user, password } : undefined;
  return { name, kind: "email", place, host, port, security, login, from, ca };
}

export async function resolveHeartbeat(
  input: AlertsInput["heartbeat"],
  source: SecretSource,
): Promise<HeartbeatConfig | undefined> {
  const url = input && (await readUrl(input.url, ["alerts", "heartbeat", "url"], source));
  return input && url && { url, everyMs: input.every };
}

/** A secret that is a whole address. */
async function readUrl(ref: SecretRef, path: ConfigPath, source: SecretSource): Promise<Secret | undefined> {
  const url = await readSecret(ref, path, source);
  if (!url) return undefined;
  const text = url.reveal();
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return url;
  const message = `the address from ${url.origin} is not an http:// or https:// URL`;
  source.findings.push({
    path,
    code: "bad-secret-value",
    message,
    fix: "Store the whole address, as its service shows it.",
  });
  return undefined;
}
