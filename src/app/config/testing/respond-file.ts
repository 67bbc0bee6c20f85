import type { SlotkeeperConfig } from "../../config.ts";
import { loadConfig, type LoadedConfig } from "../load.ts";

export const respondSecrets = {
  ...{ SLACK: "xoxb-very-secret", BOT: "123:very-secret", KEY: "very-secret-key", SMTP: "very-secret-pass" },
  ...{ HOOK: "https://hook.example/very-secret", SIGN: "very-secret-sign", BEAT: "https://beat.example/very-secret" },
};

export const twoNodes = "nodes: [{ name: a, url: http://a:1, host: h1 }, { name: b, url: http://b:1 }]\n";

/** A file that has every key of alarms, channels, people and on-call. */
export const respondFile = `${twoNodes}server: { publicUrl: https://slotkeeper.example.org }
channels:
  - { name: slack, kind: slack, token: { env: SLACK }, address: C0123456789, url: http://127.0.0.1:9 }
  - { name: bot, kind: telegram, token: { env: BOT } }
  - { name: pd, kind: pagerduty, routingKey: { env: KEY } }
  - { name: mail, kind: email, host: smtp.example.org, user: bot, password: { env: SMTP }, from: bot@example.org }
  - { name: hook, kind: webhook, url: { env: HOOK }, signingKey: { env: SIGN } }
people:
  - name: ann
    timeZone: Europe/Berlin
    contacts: [{ channel: bot, address: 123456789 }, { channel: pd }]
  - { name: bob, contacts: [{ channel: mail, address: bob@example.org }, { channel: slack }] }
onCall:
  schedules:
    - name: primary
      timeZone: Europe/Berlin
      layers:
        - { name: week, people: [ann, bob], from: "2026-01-05T09:00" }
        - name: night
          timeZone: America/New_York
          people: [bob]
          handover: { daily: "08:30" }
          until: "2027-01-01T00:00"
          hours: [{ days: [saturday, sunday], from: "20:00", to: "08:00" }]
      shadows: [{ name: new, people: [bob], handover: { every: 2w, on: friday, at: "10:00" } }]
  policies:
    - name: default
      steps: [{ notify: [{ schedule: primary }] }, { notify: [{ person: ann }, { person: bob }] }]
      acknowledgeExpiry: 30m
    - { name: slow, steps: [{ after: 10m, notify: [{ person: ann }] }], repeats: 0, repeatAfter: 1m }
alerts:
  rules:
    groups:
      - name: own
        rules:
          - alert: OwnLag
            expr: finality_lag_epochs > 5
            for: 1m
            labels: { severity: warning, owner: operations }
            annotations: { summary: s, description: d, playbook: p }
  off: [FinalityLag]
  grouping: { by: [alertname], wait: { critical: 5s }, interval: 1m, repeat: 1h }
  routes:
    - { match: ["customer=lido", "severity=~critical|warning"], policy: slow, tell: [{ channel: slack }], tellFrom: info }
  inhibit: [{ name: site, source: [alertname=HostSilent], target: ["severity=warning"], equal: [host] }]
  maintenance: [{ name: move, hosts: [h1], nodes: [a], groups: [default], from: "2026-12-01T22:00Z", to: "2026-12-02T04:00+02:00" }]
  throttle: { burst: 5, refill: 1m }
  fallbacks: [{ channel: mail, address: team@example.org }]
  heartbeat: { url: { env: BEAT }, every: 30s }
  closeUntakenAfter: 1h
`;

export async function loadRespond(
  text: string,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = respondSecrets,
): Promise<LoadedConfig> {
  return loadConfig("/etc/f.yaml", env, (path) => {
    const found = path === "/etc/f.yaml" ? text : files[path];
    return found === undefined
      ? Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" }))
      : Promise.resolve(found);
  });
}

export async function goodRespond(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<SlotkeeperConfig> {
  const { config, problems } = await loadRespond(text, files);
  if (!config) throw new Error(JSON.stringify(problems, null, 1));
  return config;
}
