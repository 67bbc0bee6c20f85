import type { UpstreamGroup } from "../upstream/types.ts";
import type { RunningGroup } from "./group-status.ts";
import type { RoleHandover } from "./upgrade/role-handover.ts";
import type { SideDoors } from "./wire-side-doors.ts";

export interface HandoverParts {
  groups: ReadonlyMap<string, RunningGroup>;
  doors: SideDoors;
  /** Refuses changes from now on, and ends drills; resolves when they have ended. */
  rest: () => Promise<void>;
  /** The opposite. */
  goOn: () => void;
}

/** How this gateway gives its sockets and its state to another process of the same launcher. */
export function wireHandover({ groups, doors, rest, goOn }: HandoverParts): RoleHandover {
  const each = () => [...groups.values()];
  const standing = ({ name, upstream }: { name: string; upstream: UpstreamGroup }) => {
    const { kind, ready } = upstream.view();
    return [name, { view: kind, ready: ready.length }] as const;
  };
  return {
    async prepare() {
      await rest();
      return Object.fromEntries(each().map(standing));
    },
    async giveUp() {
      await Promise.all(each().map(({ proxy }) => proxy.handover.giveUp()));
      await doors.close();
    },
    async resume() {
      for (const { proxy } of groups.values()) proxy.handover.resume();
      await doors.openControl();
      await doors.openMetrics();
      goOn();
    },
    passIdle(pass) {
      for (const { name, proxy } of groups.values()) proxy.handover.passIdle((socket) => pass(name, socket));
    },
    adopt(name, socket) {
      const group = groups.get(name);
      if (group) group.proxy.handover.adopt(socket);
      else socket.destroy();
    },
    async takeLeftovers() {
      await Promise.all(each().map(({ proxy }) => proxy.handover.takeLeftovers()));
    },
  };
}
