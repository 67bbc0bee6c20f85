import type { Replacer } from "./replacer.ts";
import type { ActiveFault, Exchange } from "./types.ts";

/** Has the client's connection gone? */
export function isGone({ req, res }: Exchange): boolean {
  return res.destroyed || req.socket.destroyed;
}

/** Waits while the fault hangs, or until the client has gone. */
export async function whileHanging(exchange: Exchange, active: Replacer<ActiveFault | undefined>): Promise<void> {
  while (active.value?.isHanging && !isGone(exchange)) {
    const { replaced } = active;
    const { res } = exchange;
    await new Promise<void>((resolve) => {
      const finish = () => {
        res.off("close", finish);
        replaced.removeEventListener("abort", finish);
        resolve();
      };
      res.once("close", finish);
      replaced.addEventListener("abort", finish, { once: true });
    });
  }
}
