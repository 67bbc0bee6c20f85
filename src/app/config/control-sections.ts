import { z } from "zod";
import { isLoopbackHost } from "../../control/address.ts";
import { pemFile, tlsSchema } from "../../fleet/config.ts";
import { baseUrlSchema, listenSchema, nameSchema, secretSchema, valueIssue } from "../../fleet/config-values.ts";

/** How gateways and monitor find each other: both ends of the control connection. */

const tokenFix = "Add token: { env: NAME } or { file: PATH }.";

export const controlSchema = z
  .strictObject({
    socket: z
      .string()
      .min(1, { error: "must not be empty" })
      .exactOptional()
      .meta({
        description:
          "Unix socket for commands and the monitor on this host, mode 0600. Relative to the configuration file's folder. Left out: `gateway.sock` in the data folder.",
        examples: ["/run/slotkeeper/gateway.sock"],
      }),
    listen: listenSchema(
      "TCP as well, for a monitor on another host. Beyond loopback it needs `tls`.",
      "10.0.0.5:7382",
    ).exactOptional(),
    token: secretSchema("Token that a monitor must bring; needed with `listen`.").exactOptional(),
    tls: tlsSchema
      .meta({
        description:
          "Serve control over TLS (1.2 or newer). Paths are relative to the configuration file's folder; changed files are taken over without a restart.",
        examples: [{ cert: "/etc/slotkeeper/tls/tls.crt", key: "/etc/slotkeeper/tls/tls.key" }],
      })
      .exactOptional(),
  })
  .superRefine(({ listen, token, tls }, ctx) => {
    if (listen === undefined) {
      const extra = token === undefined ? (tls === undefined ? undefined : "tls") : "a token";
      if (extra === undefined) return;
      const fix = `Add listen: HOST:PORT, or remove ${extra === "tls" ? "tls" : "token"}: the socket's file mode guards it.`;
      valueIssue(ctx, "conflict", `has ${extra} but does not listen on TCP`, fix);
    } else if (token === undefined) valueIssue(ctx, "missing-key", "listens on TCP without a token", tokenFix);
    else if (tls === undefined && !isLoopbackHost(listen.host))
      valueIssue(
        ctx,
        "missing-key",
        "listens beyond loopback without TLS: the token would cross the network in the clear",
        "Add tls: { cert: PATH, key: PATH }, or listen on 127.0.0.1.",
      );
  })
  .prefault({})
  .meta({ description: "Where the monitor and commands read and steer this gateway." });

const monitoredSchema = z
  .strictObject({
    name: nameSchema("Name of the gateway.").meta({ examples: ["gateway-a"] }),
    socket: z
      .string()
      .min(1, { error: "must not be empty" })
      .exactOptional()
      .meta({
        description: "Its unix socket, where it runs on this host.",
        examples: ["/run/slotkeeper/gateway.sock"],
      }),
    url: baseUrlSchema(
      "Its control URL, where it runs on another host. The host must be a name or address in its certificate.",
      "https://10.0.0.5:7382",
    ).exactOptional(),
    token: secretSchema("The token that its `gateway.control.token` asks for.").exactOptional(),
    ca: pemFile(
      "Authorities in PEM form, one of which signed the gateway's certificate. Left out: those that this system trusts.",
      "/etc/slotkeeper/tls/ca.crt",
    ).exactOptional(),
    cert: pemFile(
      "Certificate in PEM form to show to a gateway whose `gateway.control.tls` has `clientCa`.",
      "/etc/slotkeeper/tls/tls.crt",
    ).exactOptional(),
    key: pemFile("Private key of `cert` in PEM form, not encrypted.", "/etc/slotkeeper/tls/tls.key").exactOptional(),
  })
  .superRefine((gateway, ctx) => {
    const { socket, url, token, ca, cert, key } = gateway;
    if ((socket === undefined) === (url === undefined))
      valueIssue(
        ctx,
        "conflict",
        "needs exactly one of socket and url",
        "Write socket: PATH or url: https://HOST:PORT.",
      );
    else if (url !== undefined && token === undefined)
      valueIssue(ctx, "missing-key", "has a url but no token", tokenFix);
    else if (socket !== undefined && token !== undefined)
      valueIssue(ctx, "conflict", "has a token but uses a socket", "Remove token: the socket's file mode guards it.");
    else if ((cert === undefined) !== (key === undefined))
      valueIssue(ctx, "missing-key", "has one of cert and key", "Write both, or none.");
    else if ((ca !== undefined || cert !== undefined) && !url?.startsWith("https:"))
      valueIssue(ctx, "conflict", "has a certificate but no https URL", "Write url: https://HOST:PORT, or remove it.");
  });

export const monitorSchema = z
  .strictObject({
    gateways: z
      .array(monitoredSchema)
      .exactOptional()
      .meta({
        description:
          "Gateways to read. Left out: the one of this file. An empty list: none, the monitor looks at the nodes itself.",
        examples: [[{ name: "gateway-a", socket: "/run/slotkeeper/gateway.sock" }]],
      }),
  })
  .prefault({})
  .meta({ description: "The watching part: pages, history, alarms." });
