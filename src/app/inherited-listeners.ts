import { AppError } from "../lib/app-error.ts";

/** Where a server listens: an address of its own, or a socket that the supervisor bound and holds open. */
export type ListenOn = { host: string; port: number } | { fd: number };

/** Names of the sockets that a supervisor hands to its children. */
export const apiListener = "api";
export const groupListener = (group: string): string => `group:${group}`;

export const inheritedEnv = "SLOTKEEPER_INHERITED";

/** File descriptors by listener name, as the supervisor wrote them. Throws `AppError` when the variable is no such list. */
export function parseInherited(text: string | undefined): ReadonlyMap<string, number> {
  if (text === undefined || text === "") return new Map();
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return new Map(
      entries.map(([name, fd]) => {
        if (typeof fd !== "number" || !Number.isInteger(fd) || fd < 3) throw new Error(`${name} is no descriptor`);
        return [name, fd];
      }),
    );
  } catch (cause) {
    throw new AppError(`read ${inheritedEnv}: only \`slotkeeper up\` sets it; unset it`, {
      code: "inherited-listeners",
      cause,
    });
  }
}

/** The socket of that name if the supervisor holds one, else the address from the config. */
export function listenOn(
  inherited: ReadonlyMap<string, number>,
  name: string,
  address: { host: string; port: number },
): ListenOn {
  const fd = inherited.get(name);
  return fd === undefined ? address : { fd };
}
