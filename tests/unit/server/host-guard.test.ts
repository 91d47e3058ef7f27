import { expect, test } from "vitest";
import { createHostGuard } from "@/lib/server/host-guard";

const accessUrl = "http://127.0.0.1:3000";
const guard = createHostGuard({ bound: "127.0.0.1", accessUrl });
const page = (host: string | undefined, url = "/agents?tab=1") => guard({ method: "GET", url, host });

test.each([
  "evil.example",
  "evil.example:3000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "user@127.0.0.1",
  "127.0.0.1/x",
  "",
  "10.0.0.1",
])("a server on loopback is not known as %j", (host) => {
  for (const url of ["/", "/agents", "/api/health", "/api/metrics", "/_next/static/x.js"]) {
    expect(page(host, url).kind).toBe("refuse");
  }
});

test.each(["127.0.0.1:3000", "127.0.0.1", "127.0.0.1:8080", undefined])("Host %j is served", (host) => {
  expect(page(host)).toEqual({ kind: "serve" });
});

test.each(["localhost:3000", "LOCALHOST:3000", "localhost.:3000", "[::1]:3000", "127.0.0.2:3000", "a.localhost:3000"])(
  "a page opened at %s goes on at the access URL, with path and query",
  (host) => {
    expect(page(host)).toEqual({ kind: "redirect", to: `${accessUrl}/agents?tab=1` });
  },
);

test("only pages are sent on, and only from the same port", () => {
  expect(page("localhost:3000", "/api/health").kind).toBe("serve");
  expect(page("localhost:3000", "/_next/static/x.js").kind).toBe("serve");
  expect(page("localhost:3000", "//evil.example/").kind).toBe("redirect");
  expect(guard({ method: "POST", url: "/", host: "localhost:3000" }).kind).toBe("serve");
  // A forwarded port: the access URL leads elsewhere for this person.
  expect(page("localhost:8080").kind).toBe("serve");
});

test("a path cannot lead the redirect to another host", () => {
  const verdict = page("localhost:3000", "//evil.example/");
  expect(verdict.kind === "redirect" && new URL(verdict.to).host).toBe("127.0.0.1:3000");
});

test("a reverse proxy's name is the access URL's, and nobody is sent away from it", () => {
  const behind = createHostGuard({ bound: "127.0.0.1", accessUrl: "https://slipway.example" });
  expect(behind({ method: "GET", url: "/", host: "slipway.example" }).kind).toBe("serve");
  expect(behind({ method: "GET", url: "/", host: "127.0.0.1:3000" }).kind).toBe("serve");
  expect(behind({ method: "GET", url: "/", host: "other.example" }).kind).toBe("refuse");
});

test("a server on every address cannot know its names", () => {
  const open = createHostGuard({ bound: "0.0.0.0", accessUrl: "http://0.0.0.0:3000" });
  expect(open({ method: "GET", url: "/", host: "machine.lan:3000" }).kind).toBe("serve");
});
