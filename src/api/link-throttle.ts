const windowMs = 60_000;
const mostTries = 30;
/** Addresses remembered at most: whoever has more pushes out the oldest. */
const mostAddresses = 10_000;

/**
 * Counts the tries of each address. Answers 0, or for how long (ms) the address must wait because it had 30 within the last minute;
 * a try that is refused does not count. `now`: ms, of any clock.
 */
export function createLinkThrottle(): (address: string, now: number) => number {
  const tries = new Map<string, readonly number[]>();
  return (address, now) => {
    const key = networkOf(address);
    const recent = (tries.get(key) ?? []).filter((at) => at > now - windowMs);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= mostTries) return oldest + windowMs - now;
    tries.delete(key);
    tries.set(key, [...recent, now]);
    for (const known of tries.keys()) {
      if (tries.size <= mostAddresses) break;
      tries.delete(known);
    }
    return 0;
  };
}

/** Of IPv6 the network of 64 bits: one customer has as many addresses in it as they like. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (groups.length < 8 - after) groups.push("0");
  }
  return groups.slice(0, 4).join(":");
}
