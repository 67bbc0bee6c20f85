import { defaultRules } from "../../alerts/default-rules.ts";
import { formatMatcher } from "../../alerts/expr/matcher.ts";
import { ruleKeyOf } from "../../alerts/rule.ts";
import type { SettingsPage } from "../../api/contract-respond.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { HeartbeatState } from "../../notify/heartbeat.ts";
import { teamName } from "../../respond/told.ts";
import type { SlotkeeperConfig } from "../config.ts";

export interface SettingsFacts {
  config: SlotkeeperConfig;
  /** By channel, since this monitor started. */
  sent: ReadonlyMap<string, { sent: number; failed: number; lastError: string | undefined }>;
  version: string;
  heartbeat: HeartbeatState | undefined;
  observed: readonly ObservedGateway[];
}

/** What is configured, for people: no token and no address that holds one. */
export function showSettings({ config, sent, version, heartbeat, observed }: SettingsFacts): SettingsPage {
  const { respond, channels, store } = config;
  const keys = new Set(respond.rules.map(ruleKeyOf));
  const shipped = defaultRules.filter((rule) => keys.has(ruleKeyOf(rule)));
  const off = defaultRules.filter((rule) => !keys.has(ruleKeyOf(rule))).map(({ alert }) => alert);
  const last = heartbeat?.last;
  return {
    ...{ version, publicUrl: respond.publicUrl, store: store.kind },
    channels: channels.map(({ name, kind }) => ({
      ...{ name, kind },
      ...(sent.get(name) ?? { sent: 0, failed: 0, lastError: undefined }),
    })),
    routes: respond.routes.map(({ matchers, policy, tell, tellFrom }) => ({
      ...{ matchers: matchers.map(formatMatcher), policy, tell: tell.map(teamName), tellFrom },
    })),
    heartbeat: heartbeat && {
      url: config.heartbeat?.url.origin ?? "",
      lastSentAt: heartbeat.sentAt,
      withheld: last?.kind === "withheld" ? last.why : last?.kind === "failed" ? last.detail : undefined,
    },
    rules: { shipped: shipped.length, own: respond.rules.length - shipped.length, off: [...new Set(off)] },
    gateways: observed.map(({ name, isReachable }) => ({ name, isReachable })),
  };
}
