import { expect, test } from "vitest";
import { senderOf } from "@/lib/auth/sender";

const from = (address: string) => senderOf(new Request("http://x/", { headers: { "x-slipway-peer": address } }));

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("%s counts as %s", (address, key) => {
  expect(from(address)).toBe(key);
});

test("a request without the entry program's header is unknown, whatever a proxy header says", () => {
  expect(senderOf(new Request("http://x/", { headers: { "x-forwarded-for": "1.2.3.4" } }))).toBe("unknown");
});
