import { BlockList, isIP } from "node:net";

/** An address block: `bits` counts in IPv6's 128, so that blocks of both families can be put in order. */
export interface AddressBlock {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
  bits: number;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or one address. `undefined` for anything else. */
export function parseBlock(text: string): AddressBlock | undefined {
  const match = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text.trim());
  const address = match?.[1] === undefined ? "" : plainAddress(match[1]);
  const version = isIP(address);
  if (!match || version === 0) return undefined;
  const width = version === 4 ? 32 : 128;
  // `::ffff:10.0.0.0/104` speaks of IPv4 in IPv6's counting.
  const isMapped = version === 4 && match[1]?.includes(":") === true;
  const prefix = match[2] === undefined ? width : Number(match[2]) - (isMapped ? 96 : 0);
  if (prefix < 0 || prefix > width) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6", bits: prefix + (128 - width) };
}

/** The address without what a socket adds to it: the IPv4-mapped prefix of a dual-stack listener, and the zone. */
export function plainAddress(address: string): string {
  const zone = address.indexOf("%");
  const bare = zone === -1 ? address : address.slice(0, zone);
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(bare) ? bare.slice(7) : bare;
}

/** Whose block holds an address; the narrowest block wins, among equals the first. Blocks that cannot be read are left out. */
export function compileBlocks<T>(
  entries: readonly (readonly [block: string, owner: T])[],
): (a: string) => T | undefined {
  const rules = entries.flatMap(([text, owner]) => {
    const block = parseBlock(text);
    if (!block) return [];
    const list = new BlockList();
    list.addSubnet(block.address, block.prefix, block.family);
    return [{ list, owner, ...block }];
  });
  rules.sort((a, b) => b.bits - a.bits);
  return (address) => {
    const version = isIP(address);
    if (version === 0) return undefined;
    const family = version === 4 ? "ipv4" : "ipv6";
    return rules.find((rule) => rule.family === family && rule.list.check(address, family))?.owner;
  };
}
