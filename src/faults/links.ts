import type { Agent } from "node:http";
import type { Socket } from "node:net";
import type { Target } from "./target.ts";

/**
 * One connection to the target for each connection of a client, so that a client meets the target's own keep-alive:
 * when the target closes an idle connection, the client's is closed too.
 */
export interface Links {
  agentFor(client: Socket): Agent;
  /** An exchange begins or has ended on the client's connection. */
  begin(client: Socket): void;
  finish(client: Socket): void;
  /** Ties the lives of both ends once the connection to the target is known. */
  join(client: Socket, upstream: Socket): void;
  /** Marks a client's connection as carrying an event stream. */
  addStream(client: Socket): void;
  isStream(client: Socket): boolean;
  closeAll(): void;
}

export function createLinks(target: Target): Links {
  const agents = new Map<Socket, Agent>();
  const joined = new WeakSet<Socket>();
  const inFlight = new WeakMap<Socket, number>();
  const streams = new WeakSet<Socket>();
  return {
    addStream: (client) => void streams.add(client),
    isStream: (client) => streams.has(client),
    begin: (client) => void inFlight.set(client, (inFlight.get(client) ?? 0) + 1),
    finish: (client) => void inFlight.set(client, (inFlight.get(client) ?? 1) - 1),
    agentFor(client) {
      const known = agents.get(client);
      if (known) return known;
      const agent = target.createAgent();
      agents.set(client, agent);
      client.once("close", () => {
        agents.delete(client);
        agent.destroy();
      });
      return agent;
    },
    join(client, upstream) {
      if (joined.has(upstream)) return;
      joined.add(upstream);
      // An exchange that is still at work closes the client itself: by `Connection: close`, or by a reset.
      upstream.once("close", () => {
        if ((inFlight.get(client) ?? 0) === 0) client.end();
      });
    },
    closeAll() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
