/** Who sent a request, as a key for limits. Pure; believes the entry program alone. */
import { isIPv6 } from "node:net";
import { peerOf } from "@/lib/peer";

/** One key per sender: an IPv4 address, or the /64 network that an IPv6 subscriber owns whole. */
export function senderOf(request: Request): string {
  const address = peerOf(request).replace(/^::ffff:/i, "");
  return isIPv6(address) ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const start = head === "" ? [] : head.split(":");
  const end = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - start.length - end.length);
  const groups = [...start, ...Array<string>(zeros).fill("0"), ...end].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
