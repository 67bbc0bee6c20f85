import { lookup } from "node:dns/promises";
import { BoundSocket } from "node:net";
import { AppError } from "../lib/app-error.ts";
import type { SupervisorPlan } from "./supervisor-plan.ts";

/** A socket that the supervisor holds, so that it outlives a crash of the process that serves it. */
export interface HeldListener {
  name: string;
  host: string;
  port: number;
  fd: number;
  /** As the config has it, where `port` may be 0. */
  planned: { host: string; port: number; isTls?: boolean };
  close(): void;
}

type Planned = SupervisorPlan["listeners"][number];

/**
 * Binds every listener before any child starts; one of `held` with the same name and planned address is used again. While
 * a child is dead, connections wait in the kernel's backlog and are answered by the next one. Throws `AppError`
 * `listen-failed`, with nothing more bound than before.
 */
export async function bindListeners(
  plan: readonly Planned[],
  held: readonly HeldListener[] = [],
): Promise<readonly HeldListener[]> {
  const bound: HeldListener[] = [];
  try {
    for (const planned of plan) bound.push(held.find((each) => isSame(each, planned)) ?? (await bind(planned)));
    return bound;
  } catch (error) {
    for (const listener of bound) if (!held.includes(listener)) listener.close();
    throw error;
  }
}

function isSame({ name, planned }: HeldListener, { name: wantedName, host, port }: Planned): boolean {
  return name === wantedName && planned.host === host && planned.port === port;
}

async function bind(planned: Planned): Promise<HeldListener> {
  const { name, what, host, port } = planned;
  try {
    const { address } = await lookup(host);
    const socket = new BoundSocket({ host: address, port });
    const bound = socket.address() as { address: string; port: number };
    let isOpen = true;
    const close = () => {
      // Closing it twice throws.
      if (isOpen) socket.close();
      isOpen = false;
    };
    return { name, host: bound.address, port: bound.port, fd: socket.fd(), planned, close };
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
    const next = isTaken ? "Another program uses this address: stop it, or choose another port." : "Check the address.";
    throw new AppError(`listen on ${host}:${port} for ${what}. ${next}`, { code: "listen-failed", cause });
  }
}
