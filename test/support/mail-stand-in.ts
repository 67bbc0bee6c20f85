import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  to: string[];
  /** As it came: headers, an empty line, body. */
  source: string;
  isEncrypted: boolean;
}

export interface MailStandIn {
  port: number;
  mails: ReceivedMail[];
  /** `reject`: every recipient is unknown; `busy`: 451 for them; `drop`: the mail is kept, and the connection ends without a word. */
  mode: "ok" | "reject" | "busy" | "drop" | "hang";
  stop(): Promise<void>;
}

/** A mail server with STARTTLS and one login, on a port of its own. */
export async function startMailStandIn(
  tls: { key: string; cert: string },
  login: { user: string; pass: string },
): Promise<MailStandIn> {
  const standIn: MailStandIn = { port: 0, mails: [], mode: "ok", stop };
  const server = new SMTPServer({
    ...{ key: tls.key, cert: tls.cert, secure: false, logger: false, disableReverseLookup: true, closeTimeout: 100 },
    onAuth(auth, _session, callback) {
      const isKnown = auth.username === login.user && auth.password === login.pass;
      return isKnown ? callback(null, { user: login.user }) : callback(new Error("no such login"));
    },
    onRcptTo(_address, _session, callback) {
      if (standIn.mode === "reject") return callback(Object.assign(new Error("no such user"), { responseCode: 550 }));
      if (standIn.mode === "busy") return callback(Object.assign(new Error("later"), { responseCode: 451 }));
      return callback();
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (standIn.mode === "hang") return;
        const to = session.envelope.rcptTo.map(({ address }) => address);
        standIn.mails.push({ to, source: Buffer.concat(chunks).toString(), isEncrypted: session.secure });
        if (standIn.mode !== "drop") return callback();
        for (const connection of server.connections) connection.close();
      });
    },
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  if (!listening.listening) await once(listening, "listening");
  standIn.port = (listening.address() as AddressInfo).port;

  function stop(): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
  }
  return standIn;
}
