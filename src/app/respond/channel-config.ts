import type { Secret } from "../../fleet/secret.ts";

/** A configured channel, with its secrets read. */
export type ChannelConfig = { name: string; place: string | undefined } & (
  | { kind: "slack" | "telegram"; token: Secret; url: string | undefined }
  | { kind: "pagerduty"; routingKey: Secret; url: string | undefined }
  | {
      kind: "email";
      host: string;
      port: number;
      security: "starttls" | "tls" | "none";
      login: { user: string; password: Secret } | undefined;
      from: string;
      /** Authority in PEM form. */
      ca: Secret | undefined;
    }
  | { kind: "webhook"; url: Secret; signingKey: Secret }
);

export const channelKinds = ["slack", "telegram", "pagerduty", "email", "webhook"] as const;

/** The dead-man heartbeat that goes out while all is well. */
export interface HeartbeatConfig {
  /** The address holds a token. */
  url: Secret;
  everyMs: number;
}
