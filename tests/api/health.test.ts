import { expect, test } from "vitest";
import { createTestApi } from "../support/api";

let problem: string | null = null;
const api = await createTestApi({ daemonProblem: () => problem });

test("health needs no credential", async () => {
  const answer = await api.anonymous.get("/api/health");
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ status: "ok", version: "test", database: "ok", daemon: "ok" });
});

test("a failing daemon is named with 503", async () => {
  problem = "no heartbeat for 12 s";
  const answer = await api.anonymous.get("/api/health");
  problem = null;
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ status: "failing", database: "ok", daemon: "no heartbeat for 12 s" });
});

test("metrics are for administrators and for this machine", async () => {
  const member = await api.asMember();
  const administrator = await api.asAdmin();
  const metrics = "/api/metrics";
  expect((await api.anonymous.get(metrics)).status).toBe(401);
  expect((await member.get(metrics)).status).toBe(403);
  const answer = await administrator.get(metrics);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  expect(answer.body).toContain("slipway_chats_running 0");
  const local = { headers: { "x-slipway-peer": "127.0.0.1" } };
  expect((await api.anonymous.get(metrics, local)).status).toBe(200);
  const proxied = { headers: { ...local.headers, "x-forwarded-for": "203.0.113.7" } };
  expect((await api.anonymous.get(metrics, proxied)).status).toBe(401);
});
