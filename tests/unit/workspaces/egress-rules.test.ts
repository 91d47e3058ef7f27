import { expect, test } from "vitest";
import { isPrivateAddress } from "@/lib/network-address";
import { isPrivateListed, parseAuthority, refusalOf } from "@/lib/workspaces/allowed-hosts";
import { createStaticCredentials } from "@/lib/workspaces/credentials";

const rule = { hosts: ["example.com", "*.wild.test", "10.0.0.5"] };

test.each([
  ["example.com", 443, true],
  ["EXAMPLE.com.", 80, true],
  ["a.wild.test", 443, true],
  ["a.b.wild.test", 443, true],
  ["10.0.0.5", 80, true],
  ["wild.test", 443, false],
  ["xwild.test", 443, false],
  ["sub.example.com", 443, false],
  ["example.com.evil.test", 443, false],
  ["example.com", 22, false],
  ["", 443, false],
])("%s:%i is allowed: %s", (host, port, isAllowed) => {
  expect(refusalOf(rule, { host, port }) === null).toBe(isAllowed);
});

test("a private address counts as meant only when the list names it", () => {
  expect(isPrivateListed(rule, "10.0.0.5")).toBe(true);
  expect(isPrivateListed(rule, "10.0.0.6")).toBe(false);
});

test.each([
  "127.0.0.1",
  "10.1.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "172.31.0.1",
  "192.168.1.1",
  "0.0.0.0",
  "255.255.255.255",
  "224.0.0.1",
  "::1",
  "::",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "fe80::1",
  "fd00::1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "ff02::1",
  "not an address",
])("%s is private", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each(["1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111"])("%s is public", (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

test("authorities are host and port, and nothing else", () => {
  expect(parseAuthority("Example.com:443")).toEqual({ host: "example.com", port: 443 });
  expect(parseAuthority("[::1]:80")).toEqual({ host: "::1", port: 80 });
  for (const bad of ["example.com", "a@b:1", "a:0", "a:70000", "a b:1", "http://a:1", ":1", "a:1/x"]) {
    expect(parseAuthority(bad), bad).toBeUndefined();
  }
});

test("a token goes to the host its pattern names, never to one that only mentions it", async () => {
  const credentials = createStaticCredentials([{ pattern: /github\.com/, token: "t" }]);
  const find = (origin: string) => credentials({ origin, ownerId: "me" });
  expect(await find("https://github.com/acme/app")).toEqual({ username: "x-access-token", password: "t" });
  for (const remote of [
    "https://evil.test/github.com/app",
    "https://github.com.evil.test/app",
    "https://evil.test/?github.com",
  ]) {
    expect(await find(remote), remote).toBeNull();
  }
});
