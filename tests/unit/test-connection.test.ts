import { afterEach, expect, test } from "vitest";
import { SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import { testConnection } from "@/lib/test-connection";
import { reply } from "@/tests/support/model-reply";
import { type ModelServer, startModelServer } from "@/tests/support/model-server";

const signal = new AbortController().signal;
let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

test.each(SUPPORTED_PROVIDER_TYPES)("%s: a provider that answers is fine", async (provider) => {
  server = await startModelServer({ script: reply.text("OK") });
  expect(await testConnection({ provider, apiKey: "k", baseUrl: server.url, model: "m", signal })).toEqual({
    ok: true,
    latencyMs: expect.any(Number),
  });
  expect(JSON.stringify(server.requests[0]?.body)).toMatch(/"max_?(output_?)?tokens":16/i);
});

test("a refusal shows the provider's own words", async () => {
  server = await startModelServer({ script: reply.text("OK"), apiKey: "right" });
  const options = { provider: "anthropic", apiKey: "wrong", baseUrl: server.url, model: "m", signal } as const;
  expect(await testConnection(options)).toMatchObject({
    ok: false,
    failure: { kind: "auth", status_code: 401, detail: "invalid x-api-key" },
  });
});

test("a compatible provider without an address is told so", async () => {
  const result = await testConnection({ provider: "openai-compat", apiKey: null, baseUrl: null, model: "m", signal });
  expect(result).toMatchObject({ ok: false, failure: { kind: "config", detail: expect.stringMatching(/base URL/) } });
});

test("stopping ends the test", async () => {
  server = await startModelServer({ script: reply.hang() });
  const stop = new AbortController();
  const options = { provider: "openai", apiKey: "k", baseUrl: server.url, model: "m", signal: stop.signal } as const;
  const result = testConnection(options);
  await expect.poll(() => server!.openReplies()).toBe(1);
  stop.abort();
  expect(await result).toMatchObject({ ok: false, failure: { message: "The test was stopped." } });
});
