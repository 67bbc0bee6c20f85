import { Pool, type Dispatcher } from "undici";

/**
 * A small keep-alive pool to one beacon node for Slotkeeper's own calls. Undici's timeouts are coarse by half a second,
 * so they are a back-stop only: deadlines are the caller's own timers.
 */
export function createNodeDispatcher(url: string, connections = 2, silenceMs = 10_000): Dispatcher {
  return new Pool(new URL(url).origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 55_000,
    keepAliveMaxTimeout: 55_000,
    connectTimeout: 1000,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  });
}

/** One connection for one event stream: its body may be silent for as long as the chain is. */
export function createStreamDispatcher(url: string): Dispatcher {
  return new Pool(new URL(url).origin, {
    connections: 1,
    pipelining: 1,
    allowH2: false,
    connectTimeout: 1000,
    headersTimeout: 10_000,
    bodyTimeout: 0,
  });
}
