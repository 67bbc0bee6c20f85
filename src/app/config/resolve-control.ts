import { join, resolve } from "node:path";
import { maxSocketPathBytes } from "../../control/address.ts";
import type { ControlEndpoint, MonitoredGateway } from "../config.ts";
import type { ConfigPath } from "./problem.ts";
import { readTls, readTrust } from "./read-tls.ts";
import type { ConfigInput } from "./schema.ts";
import { readSecret, type SecretSource } from "./secrets.ts";

/** Both ends of the control connection: where this gateway is spoken to, and which gateways the monitor reads. */

export async function resolveControl(
  input: ConfigInput,
  dataFolder: string,
  source: SecretSource,
): Promise<ControlEndpoint> {
  const { socket, listen, token, tls: paths } = input.gateway.control;
  const at = ["gateway", "control"];
  const path = socket === undefined ? join(dataFolder, "gateway.sock") : resolve(source.folder, socket);
  checkSocketPath(path, [...at, "socket"], source);
  const secret = token && (await readSecret(token, [...at, "token"], source));
  const tls = paths && (await readTls(paths, [...at, "tls"], source));
  return { socket: path, remote: listen && secret && { ...listen, token: secret, tls } };
}

export async function resolveGateways(
  input: ConfigInput,
  own: ControlEndpoint,
  source: SecretSource,
): Promise<MonitoredGateway[]> {
  if (!input.monitor.gateways) return [{ name: input.gateway.name, kind: "socket", path: own.socket }];
  return Promise.all(
    input.monitor.gateways.map(async ({ name, socket, url, token, ...paths }, i): Promise<MonitoredGateway> => {
      const at = ["monitor", "gateways", i];
      if (url !== undefined) {
        const secret = token && (await readSecret(token, [...at, "token"], source));
        return { name, kind: "url", url, token: secret, tls: await readTrust(paths, at, source) };
      }
      const path = resolve(source.folder, socket ?? "");
      checkSocketPath(path, [...at, "socket"], source);
      return { name, kind: "socket", path };
    }),
  );
}

function checkSocketPath(path: string, at: ConfigPath, source: SecretSource): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= maxSocketPathBytes) return;
  const message = `the socket path ${path} has ${bytes} bytes and a unix socket allows ${maxSocketPathBytes}`;
  source.findings.push({
    path: at,
    code: "path-too-long",
    message,
    fix: "Write a shorter path, for example /run/slotkeeper/gateway.sock.",
  });
}
