import type { Clock } from "../../lib/clock.ts";
import type { Dispatcher } from "undici";
import type { Channel } from "../../notify/channel.ts";
import { emailChannel } from "../../notify/email.ts";
import { pagerdutyChannel } from "../../notify/pagerduty.ts";
import { slackChannel } from "../../notify/slack.ts";
import { telegramChannel } from "../../notify/telegram.ts";
import { webhookChannel } from "../../notify/webhook.ts";
import type { ChannelConfig } from "./channel-config.ts";

export interface ChannelParts {
  dispatcher: Dispatcher;
  clock: Clock;
  /** Names this installation, so that two do not share a PagerDuty incident: its public address will do. */
  source: string;
}

/** The configured channels, ready to send. Nothing is connected before the first message. */
export function openChannels(configs: readonly ChannelConfig[], parts: ChannelParts): Channel[] {
  return configs.map((config) => openChannel(config, parts));
}

function openChannel(config: ChannelConfig, { dispatcher, clock, source }: ChannelParts): Channel {
  const parts = { name: config.name, dispatcher, clock };
  switch (config.kind) {
    case "slack":
      return slackChannel({ ...parts, token: config.token, ...urlOf(config) });
    case "telegram":
      return telegramChannel({ ...parts, token: config.token, ...urlOf(config) });
    case "pagerduty":
      return pagerdutyChannel({ ...parts, source, routingKey: config.routingKey, ...urlOf(config) });
    case "email": {
      const { name, host, port, security, login, from, ca } = config;
      const settings = { name, host, port, security, from };
      return emailChannel({ ...settings, ...(login && { login }), ...(ca && { ca: ca.reveal() }) });
    }
    case "webhook":
      return webhookChannel({ ...parts, url: config.url, signingKey: config.signingKey });
  }
}

function urlOf({ url }: { url: string | undefined }): { url?: string } {
  return url === undefined ? {} : { url };
}
