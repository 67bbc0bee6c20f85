import { connect, type Socket } from "node:net";

export interface LineAnswer {
  status: number;
  /** From the first byte sent to the last byte received. */
  ms: number;
  body: string;
}

/** Keep-alive connections that send requests as ready-made bytes: the load tool must cost less than what it measures. */
export interface HttpLines {
  /** Sends on an idle connection, or on a new one. A broken connection counts as status 0. */
  send(request: string): Promise<LineAnswer>;
  close(): void;
}

export function openHttpLines(url: string): HttpLines {
  const { hostname, port } = new URL(url);
  const idle: Line[] = [];
  const all = new Set<Line>();
  return {
    send(request) {
      const line = idle.pop() ?? openLine(Number(port), hostname);
      all.add(line);
      return new Promise((resolve) => {
        line.send(request, (answer) => {
          if (answer.status === 0) all.delete(line);
          else idle.push(line);
          resolve(answer);
        });
      });
    },
    close() {
      for (const { socket } of all) socket.destroy();
    },
  };
}

interface Line {
  socket: Socket;
  send(request: string, done: (answer: LineAnswer) => void): void;
}

function openLine(port: number, host: string): Line {
  const socket = connect({ port, host, noDelay: true });
  let received = "";
  let whole = -1;
  let sentAt = 0;
  let done: ((answer: LineAnswer) => void) | undefined;
  function finish(status: number): void {
    const call = done;
    done = undefined;
    call?.({ status, ms: performance.now() - sentAt, body: received.slice(received.indexOf("\r\n\r\n") + 4) });
  }
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    if (whole === -1) {
      const end = received.indexOf("\r\n\r\n");
      if (end === -1) return;
      whole = end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end + 2))?.[1] ?? 0);
    }
    if (received.length >= whole) finish(Number(received.slice(9, 12)));
  });
  socket.on("error", () => finish(0));
  socket.on("close", () => finish(0));
  return {
    socket,
    send(request, callback) {
      received = "";
      whole = -1;
      done = callback;
      sentAt = performance.now();
      socket.write(request, "latin1");
    },
  };
}
