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
  close(): void;
}

/**
 * Binds every listener before any child starts. While a child is dead, connections wait in the kernel's backlog and are
 * answered by the next one. Throws `AppError` `listen-failed`, with nothing left bound.
 */
export async function bindListeners(plan: SupervisorPlan["listeners"]): Promise<readonly HeldListener[]> {
  const held: HeldListener[] = [];
  try {
    for (const { name, what, host, port } of plan) held.push(await bind(name, what, host, port));
    return held;
  } catch (error) {
    for (const listener of held) listener.close();
    throw error;
  }
}

async function bind(name: string, what: string, host: string, port: number): Promise<HeldListener> {
  try {
    const { address } = await lookup(host);
    const socket = new BoundSocket({ host: address, port });
    const bound = socket.address() as { address: string; port: number };
    return { name, host: bound.address, port: bound.port, fd: socket.fd(), close: () => socket.close() };
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
    const next = isTaken ? "Another program uses this address: stop it, or choose another port." : "Check the address.";
    throw new AppError(`listen on ${host}:${port} for ${what}. ${next}`, { code: "listen-failed", cause });
  }
}
