/** Where a name may lead: resolved once, checked, pinned. Opens no connection itself. */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** The network as the gateway uses it; tests put other servers behind names. */
export type Network = {
  /** All addresses of a name. */
  resolve(host: string): Promise<string[]>;
  /** Where a checked address is really dialled. */
  dial(address: string, port: number): { host: string; port: number };
};

/** The real network. */
export const systemNetwork: Network = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address),
  dial: (host, port) => ({ host, port }),
};

/** Everything that is not the public internet (IANA special-purpose registries, read 2026-11). */
const blocked = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  blocked.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  blocked.addSubnet(network, prefix, "ipv6");
}

/** Whether an address is loopback, private, link-local, multicast or otherwise not public. Not an address: true. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  // An IPv4 address in IPv6 clothes is checked as IPv4 by the list itself.
  return blocked.check(address, family === 4 ? "ipv4" : "ipv6");
}

/**
 * Resolves a name once and returns the address to connect to.
 * `isPrivateAllowed` decides about an address that is not public; all others are fine.
 * @throws Error with a reason for a person.
 */
export async function pinAddress(
  host: string,
  options: { network: Network; isPrivateAllowed: (address: string) => boolean },
): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, "");
  const addresses = isIP(bare) ? [bare] : await resolveName(bare, options.network);
  const usable = addresses.find((address) => !isPrivateAddress(address) || options.isPrivateAllowed(address));
  if (!usable) throw new Error("it leads to a private address");
  return usable;
}

async function resolveName(host: string, network: Network): Promise<string[]> {
  try {
    return await network.resolve(host);
  } catch (cause) {
    throw new Error("its name does not resolve", { cause });
  }
}
