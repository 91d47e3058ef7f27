import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSql } from "@/db/connect";
import { listen } from "@/lib/server/http-server";
import { createPages } from "@/lib/server/next-app";
import { createRouteHandler } from "@/lib/server/routes";
import { routeModules } from "@/lib/server/routes.generated";
import { createTestApi } from "../support/api";

const root = fileURLToPath(new URL("../..", import.meta.url));
const api = await createTestApi();
const member = await api.asMember();
const headers = { authorization: `Bearer ${member.credential}` };
const PATHS = ["/api/health", "/api/experimental/users/me", "/api/experimental/users/%C3%A4/tokens", "/api/metrics"];

const web = await listen({ host: "127.0.0.1", port: 0 });
const nextAlone = createServer();
let nextUrl = "";

beforeAll(async () => {
  const pages = await createPages({ root, isDevelopment: false, host: "127.0.0.1", port: web.port });
  web.serve({ routes: createRouteHandler(routeModules), pages });
  nextAlone.on("request", (request, response) => void pages.handle(request, response));
  nextAlone.listen(0, "127.0.0.1");
  await once(nextAlone, "listening");
  nextUrl = `http://127.0.0.1:${(nextAlone.address() as AddressInfo).port}`;
});

afterAll(async () => {
  nextAlone.closeAllConnections();
  nextAlone.close();
  await web.end();
});

/** What a client may rely on; ids and measured values differ between two calls. */
async function ask(base: string, path: string) {
  const response = await fetch(base + path, { headers });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    body: text.replace(/"request_id":"[^"]*"/, '"request_id":""').replace(/ [\d.e-]+$/gm, " n"),
  };
}

test.each(PATHS)("%s answers alike from the entry program and from Next", async (path) => {
  const fromEntry = await ask(web.url, path);
  expect(fromEntry.status).not.toBe(500);
  // Loopback counts only where the entry program stamped the sender.
  if (path === "/api/metrics") return;
  expect(await ask(nextUrl, path)).toEqual(fromEntry);
});

test("both bundles share one pool", async () => {
  const load = [web.url, nextUrl].flatMap((url) => Array.from({ length: 40 }, () => ask(url, PATHS[1] as string)));
  const answers = await Promise.all(load);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const observer = createSql(api.address, { max: 1 });
  const [row] = await observer<{ connections: number }[]>`
    SELECT count(*)::int AS connections FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await observer.end();
  expect(row?.connections).toBeLessThanOrEqual(api.sql.options.max);
});

test("a page carries a policy whose nonce is on its scripts", async () => {
  const response = await fetch(`${web.url}/no-such-page`);
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
  const html = await response.text();
  const scripts = html.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
});

test("a path under /api that does not exist is answered as JSON", async () => {
  const response = await fetch(`${web.url}/api/experimental/no-such-thing`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "not_found", validations: [] });
});
