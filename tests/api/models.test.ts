import { inspect } from "node:util";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import { log } from "@/lib/log";
import { resolveModelForRun } from "@/lib/models/resolve-model";
import { createSecretBox } from "@/lib/secret-box";
import { createTestApi } from "../support/api";
import { reply } from "../support/model-reply";
import { startModelServer } from "../support/model-server";

const api = await createTestApi();
const admin = await api.asAdmin();
const member = await api.asMember();
const KEY = "sk-canary-0123456789-WXYZ";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

beforeEach(async () => {
  await api.sql`TRUNCATE chat_providers CASCADE`;
});

async function addProvider(body: Record<string, unknown> = {}) {
  const answer = await admin.post("/chats/providers", { provider: "anthropic", api_key: KEY, ...body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function addModel(providerId: string, body: Record<string, unknown> = {}) {
  const answer = await admin.post("/chats/model-configs", { provider_id: providerId, model: "m", ...body });
  expect(answer.status).toBe(201);
  return answer.body;
}

const listConfigs = async () => (await admin.get("/chats/model-configs")).body as { id: string; is_default: boolean }[];
const defaultId = async () => {
  const defaults = (await listConfigs()).filter((config) => config.is_default);
  expect(defaults).toHaveLength(1);
  return defaults[0]?.id;
};

describe("providers", () => {
  test("are added, listed, changed and deleted", async () => {
    const provider = await addProvider({ base_url: "https://api.example.test/v1/" });
    expect(provider).toEqual({
      id: expect.any(String),
      provider: "anthropic",
      display_name: "Anthropic",
      base_url: "https://api.example.test/v1",
      enabled: true,
      has_api_key: true,
      api_key_hint: "WXYZ",
      settings: {},
      source: "database",
    });
    expect((await admin.get("/chats/providers")).body).toEqual([provider]);
    const changed = await admin.patch(`/chats/providers/${provider.id}`, { display_name: "A", enabled: false });
    expect(changed.body).toEqual({ ...provider, display_name: "A", enabled: false });
    expect((await admin.delete(`/chats/providers/${provider.id}`)).status).toBe(204);
    expect((await admin.get("/chats/providers")).body).toEqual([]);
    expect((await admin.delete(`/chats/providers/${provider.id}`)).status).toBe(404);
    expect((await admin.patch(`/chats/providers/${provider.id}`, {})).status).toBe(404);
  });

  test("keep a key until it is replaced or removed", async () => {
    const { id } = await addProvider();
    expect((await admin.patch(`/chats/providers/${id}`, { display_name: "x" })).body.api_key_hint).toBe("WXYZ");
    expect((await admin.patch(`/chats/providers/${id}`, { api_key: "another-key-ABCD" })).body.api_key_hint).toBe(
      "ABCD",
    );
    const removed = await admin.patch(`/chats/providers/${id}`, { api_key: null });
    expect(removed.body).toMatchObject({ has_api_key: false, api_key_hint: null });
  });

  test("show nothing of a key that is too short to hint at", async () => {
    expect(await addProvider({ api_key: "short" })).toMatchObject({ has_api_key: true, api_key_hint: null });
  });

  test("never give a key away, neither in an answer nor in the log nor in the database", async () => {
    const lines: unknown[] = [];
    for (const level of ["debug", "info", "warn", "error"] as const) {
      const spy = vi.spyOn(log, level).mockImplementation((...line: unknown[]) => void lines.push(line));
      onTestFinished(() => spy.mockRestore());
    }
    const { id } = await addProvider();
    await addModel(id);
    const answers = [
      await admin.get("/chats/providers"),
      await admin.patch(`/chats/providers/${id}`, { api_key: KEY }),
      await admin.get("/chats/model-configs"),
      await member.get("/chats/models"),
      await admin.patch(`/chats/providers/${id}`, { api_key: KEY, nonsense: 1 }),
    ];
    await api.sql`ALTER TABLE chat_providers RENAME TO chat_providers_gone`;
    answers.push(await admin.post("/chats/providers", { provider: "openai", api_key: KEY }));
    await api.sql`ALTER TABLE chat_providers_gone RENAME TO chat_providers`;
    expect(answers.at(-1)?.status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(inspect([answers, lines], { depth: null })).not.toContain("canary");
    const rows = await api.sql`SELECT * FROM chat_providers`;
    expect(JSON.stringify(rows)).not.toContain("canary");
  });

  test("bind the stored key to their row", async () => {
    const [a, b] = [await addProvider(), await addProvider({ api_key: "b-key-that-is-long" })];
    await addModel(b.id);
    await api.sql`UPDATE chat_providers SET api_key_ciphertext =
      (SELECT api_key_ciphertext FROM chat_providers WHERE id = ${a.id}) WHERE id = ${b.id}`;
    const resolved = await resolveModelForRun({ db: api.db, runtime: api.runtime, modelConfigId: null });
    expect(resolved).toMatchObject({ ok: false, error: { kind: "missing_key" } });
  });

  test.each([
    [{}, 400],
    [{ provider: "azure" }, 400],
    [{ provider: "bedrock" }, 400],
    [{ provider: "bedrock", settings: { region: "somewhere" } }, 400],
    [{ provider: "anthropic", settings: { api: "chat" } }, 400],
    [{ provider: "openai", settings: { api: "other" } }, 400],
    [{ provider: "nonsense" }, 400],
    [{ provider: "openai-compat" }, 400],
    [{ provider: "openai", base_url: "ftp://x" }, 400],
    [{ provider: "openai", base_url: "not a url" }, 400],
    [{ provider: "openai", api_key: "" }, 400],
    [{ provider: "openai", unknown: 1 }, 400],
    [{ provider: "openai", source: "environment" }, 400],
  ])("refuse %j", async (body, status) => {
    expect((await admin.post("/chats/providers", body)).status).toBe(status);
  });

  test.each([
    [{ provider: "google" }, "Google Gemini"],
    [{ provider: "openrouter" }, "OpenRouter"],
    [{ provider: "azure", base_url: "https://mine.openai.azure.com", settings: { api: "chat" } }, "Azure OpenAI"],
    [{ provider: "bedrock", settings: { region: "eu-west-1" } }, "Amazon Bedrock"],
    [{ provider: "bedrock", base_url: "https://bedrock-runtime.eu-west-1.amazonaws.com" }, "Amazon Bedrock"],
    [{ provider: "openai", settings: { api: "chat" } }, "OpenAI"],
  ])("of every type keep their settings: %j", async (body, name) => {
    const provider = await addProvider(body);
    expect(provider).toMatchObject({ display_name: name, settings: "settings" in body ? body.settings : {} });
    const renamed = await admin.patch(`/chats/providers/${provider.id}`, { display_name: "Mine" });
    expect(renamed.body).toEqual({ ...provider, display_name: "Mine" });
  });

  test("keep a given name, and follow the address with one that was taken from it", async () => {
    const base = { provider: "openai-compat", base_url: "http://127.0.0.1:9/v1" };
    const local = await addProvider(base);
    expect(local.display_name).toBe("127.0.0.1:9");
    const moved = await admin.patch(`/chats/providers/${local.id}`, { base_url: "http://127.0.0.1:10/v1" });
    expect(moved.body.display_name).toBe("127.0.0.1:10");
    const again = { display_name: "127.0.0.1:10", base_url: "http://127.0.0.1:11/v1" };
    expect((await admin.patch(`/chats/providers/${local.id}`, again)).body.display_name).toBe("127.0.0.1:11");
    const named = await addProvider({ ...base, display_name: "Workshop" });
    const kept = await admin.patch(`/chats/providers/${named.id}`, { base_url: "http://127.0.0.1:10/v1" });
    expect(kept.body.display_name).toBe("Workshop");
  });

  test("list the known models of their type with prices, and change no configuration by it", async () => {
    const { id } = await addProvider({ provider: "google" });
    await addModel(id, { model: "gemini-3.8-flash", pricing: { input_price_per_million: "7" } });
    const known = (await admin.get(`/chats/providers/${id}/known-models`)).body;
    expect(known[0]).toMatchObject({ model: "gemini-3.8-flash", pricing: { output_price_per_million: "3.75" } });
    expect(await listConfigs()).toMatchObject([{ pricing: { input_price_per_million: "7" } }]);
    const local = await addProvider({ provider: "openai-compat", base_url: "http://127.0.0.1:9/v1" });
    expect((await admin.get(`/chats/providers/${local.id}/known-models`)).body).toEqual([]);
    expect((await admin.get(`/chats/providers/${UNKNOWN}/known-models`)).status).toBe(404);
    expect((await member.get(`/chats/providers/${id}/known-models`)).status).toBe(403);
  });

  test("say which setting is wrong, also after a change", async () => {
    const { id } = await addProvider({ provider: "bedrock", settings: { region: "eu-west-1" } });
    const changed = await admin.patch(`/chats/providers/${id}`, { settings: {} });
    expect(changed.status).toBe(400);
    expect(changed.body.validations).toMatchObject([{ field: "settings.region" }]);
    const moved = await admin.patch(`/chats/providers/${id}`, { settings: { region: "us-east-1" } });
    expect(moved.body.settings).toEqual({ region: "us-east-1" });
  });

  test("need an address to be OpenAI-compatible, also after a change, but no key", async () => {
    const { id } = await addProvider({
      provider: "openai-compat",
      base_url: "http://127.0.0.1:9/v1",
      api_key: undefined,
    });
    expect((await admin.patch(`/chats/providers/${id}`, { base_url: null })).status).toBe(400);
    await addModel(id);
    expect((await member.get("/chats/models")).body).toMatchObject([{ available: true, unavailable_reason: null }]);
  });
});

describe("model configs", () => {
  test("have sensible defaults", async () => {
    const { id } = await addProvider();
    expect(await addModel(id)).toEqual({
      id: expect.any(String),
      provider_id: id,
      model: "m",
      display_name: "m",
      enabled: true,
      is_default: true,
      context_limit: 200_000,
      compression_threshold: 70,
      options: {},
      pricing: {
        input_price_per_million: null,
        output_price_per_million: null,
        cache_read_price_per_million: null,
        cache_write_price_per_million: null,
        cache_write_hour_price_per_million: null,
        tiers: [],
      },
    });
    expect((await addModel(id, { context_limit: 499_999 })).compression_threshold).toBe(70);
    expect((await addModel(id, { context_limit: 500_000 })).compression_threshold).toBe(30);
    expect((await addModel(id, { context_limit: 500_000, compression_threshold: 100 })).compression_threshold).toBe(
      100,
    );
  });

  test("keep prices exactly, and tell free from unpriced", async () => {
    const { id } = await addProvider();
    const pricing = {
      input_price_per_million: "0.30",
      output_price_per_million: "0",
      cache_read_price_per_million: null,
      cache_write_price_per_million: "123456789012.000000000001",
      cache_write_hour_price_per_million: null,
      tiers: [],
    };
    const config = await addModel(id, { pricing });
    expect(config.pricing).toEqual(pricing);
    const changed = await admin.patch(`/chats/model-configs/${config.id}`, {
      pricing: { output_price_per_million: null },
    });
    expect(changed.body.pricing).toEqual({ ...pricing, output_price_per_million: null });
    expect((await admin.patch(`/chats/model-configs/${config.id}`, { display_name: "x" })).body.pricing).toEqual(
      changed.body.pricing,
    );
  });

  test.each([
    { pricing: { input_price_per_million: 3 } },
    { pricing: { input_price_per_million: "-1" } },
    { pricing: { input_price_per_million: "1e3" } },
    { pricing: { input_price_per_million: "NaN" } },
    { pricing: { input_price_per_million: "" } },
    { pricing: { input_price_per_million: `0.${"0".repeat(29)}1` } },
    { pricing: { input_price_per_million: "1000000000000" } },
    { pricing: { tiers: [{ above_tokens: 200_000, input_price_per_million: "-6" }] } },
    { pricing: { tiers: [{ above_tokens: 0 }] } },
    { pricing: { tiers: [{ above_tokens: 2 }, { above_tokens: 2 }] } },
    { pricing: { tiers: Array.from({ length: 9 }, (_, i) => ({ above_tokens: i + 1 })) } },
    { pricing: { nonsense: "1" } },
    { model: "" },
    { context_limit: 0 },
    { compression_threshold: 101 },
    { options: { nonsense: 1 } },
    { options: { temperature: 3 } },
    { id: UNKNOWN },
  ])("refuse %j", async (body) => {
    const { id } = await addProvider();
    const config = await addModel(id);
    expect((await admin.post("/chats/model-configs", { provider_id: id, model: "m", ...body })).status).toBe(400);
    expect((await admin.patch(`/chats/model-configs/${config.id}`, body)).status).toBe(400);
  });

  test("need a provider that exists", async () => {
    const post = (providerId: string) => admin.post("/chats/model-configs", { provider_id: providerId, model: "m" });
    expect((await post(UNKNOWN)).status).toBe(422);
    expect((await post("nonsense")).status).toBe(400);
    const { id } = await addProvider();
    await admin.delete(`/chats/providers/${id}`);
    expect((await post(id)).status).toBe(422);
  });

  test("change only what is given", async () => {
    const { id } = await addProvider();
    const config = await addModel(id, { options: { temperature: 0.5 }, context_limit: 1_000_000 });
    const changed = await admin.patch(`/chats/model-configs/${config.id}`, { model: "other" });
    expect(changed.body).toEqual({ ...config, model: "other" });
    expect((await admin.patch(`/chats/model-configs/${config.id}`, {})).body).toEqual(changed.body);
    expect((await admin.patch(`/chats/model-configs/${UNKNOWN}`, {})).status).toBe(404);
    expect((await admin.patch("/chats/model-configs/nonsense", {})).status).toBe(404);
  });
});

describe("the default", () => {
  test("is the first, and moves when another is chosen", async () => {
    const { id } = await addProvider();
    const [a, b] = [await addModel(id), await addModel(id)];
    expect(await defaultId()).toBe(a.id);
    await admin.patch(`/chats/model-configs/${b.id}`, { is_default: true });
    expect(await defaultId()).toBe(b.id);
    const c = await addModel(id, { is_default: true });
    expect(await defaultId()).toBe(c.id);
  });

  test("moves when it is deleted, demoted or disabled, to a usable one", async () => {
    const [off, on] = [await addProvider({ enabled: false }), await addProvider()];
    const unusable = await addModel(off.id);
    expect(await defaultId()).toBe(unusable.id);
    const disabled = await addModel(on.id, { enabled: false });
    const [a, b] = [await addModel(on.id), await addModel(on.id)];
    expect(await defaultId()).toBe(a.id);
    expect((await admin.patch(`/chats/model-configs/${a.id}`, { is_default: false })).body.is_default).toBe(false);
    expect(await defaultId()).toBe(b.id);
    await admin.patch(`/chats/model-configs/${b.id}`, { enabled: false });
    expect(await defaultId()).toBe(a.id);
    await admin.delete(`/chats/model-configs/${a.id}`);
    expect(await defaultId()).toBe(unusable.id);
    await admin.patch(`/chats/model-configs/${disabled.id}`, { enabled: true });
    expect(await defaultId()).toBe(disabled.id);
    await admin.patch(`/chats/providers/${off.id}`, { enabled: true });
    await admin.patch(`/chats/providers/${on.id}`, { enabled: false });
    expect(await defaultId()).toBe(unusable.id);
    await admin.delete(`/chats/providers/${off.id}`);
    expect(await defaultId()).toBe(disabled.id);
  });

  test("cannot be demoted while it is the only one, nor be a disabled one", async () => {
    const { id } = await addProvider();
    const only = await addModel(id);
    expect((await admin.patch(`/chats/model-configs/${only.id}`, { is_default: false })).status).toBe(409);
    const disabled = await addModel(id, { enabled: false });
    expect((await admin.patch(`/chats/model-configs/${disabled.id}`, { is_default: true })).status).toBe(409);
    expect(await defaultId()).toBe(only.id);
    const both = await admin.patch(`/chats/model-configs/${disabled.id}`, { is_default: true, enabled: true });
    expect(both.body).toMatchObject({ is_default: true, enabled: true });
  });

  test("is exactly one under 20 writes at once, three times", async () => {
    const providers = [await addProvider(), await addProvider()];
    for (let round = 0; round < 3; round++) {
      const live = await listConfigs();
      const writes = Array.from({ length: 20 }, (_, index) => {
        const target = live[index % Math.max(live.length, 1)];
        const provider = providers[index % 2];
        if (index % 4 === 0 || !target) {
          return admin.post("/chats/model-configs", {
            provider_id: provider.id,
            model: "m",
            is_default: index % 8 === 0,
          });
        }
        if (index % 4 === 1) return admin.patch(`/chats/model-configs/${target.id}`, { is_default: true });
        if (index % 4 === 2) return admin.patch(`/chats/model-configs/${target.id}`, { is_default: false });
        return index === 3
          ? admin.delete(`/chats/model-configs/${target.id}`)
          : admin.patch(`/chats/providers/${provider.id}`, { enabled: index % 3 === 0 });
      });
      for (const answer of await Promise.all(writes)) expect([200, 201, 204, 404, 409]).toContain(answer.status);
      await defaultId();
    }
  });
});

describe("who may", () => {
  test("read models: everybody signed in; the rest: administrators", async () => {
    const { id } = await addProvider();
    const config = await addModel(id);
    expect((await member.get("/chats/models")).body).toEqual([
      {
        id: config.id,
        provider_id: id,
        provider: "anthropic",
        provider_name: "Anthropic",
        model: "m",
        display_name: "m",
        context_limit: 200_000,
        is_default: true,
        available: true,
        unavailable_reason: null,
        unpriced: true,
        options: {},
      },
    ]);
    expect((await api.anonymous.get("/chats/models")).status).toBe(401);
    const calls: [string, string, unknown?][] = [
      ["GET", "/chats/providers"],
      ["POST", "/chats/providers", { provider: "openai" }],
      ["PATCH", `/chats/providers/${id}`, { enabled: false }],
      ["DELETE", `/chats/providers/${id}`],
      ["GET", "/chats/model-configs"],
      ["POST", "/chats/model-configs", { provider_id: id, model: "m" }],
      ["PATCH", `/chats/model-configs/${config.id}`, { enabled: false }],
      ["DELETE", `/chats/model-configs/${config.id}`],
    ];
    for (const [method, path, body] of calls) {
      expect((await member.call(method, path, { body })).status, `${method} ${path}`).toBe(403);
      expect((await api.anonymous.call(method, path, { body })).status, `${method} ${path}`).toBe(401);
    }
    expect(await listConfigs()).toHaveLength(1);
  });

  test("pick a model sees whether it has a price; free is one, half of one is none", async () => {
    const { id } = await addProvider();
    const config = await addModel(id);
    const path = `/chats/model-configs/${config.id}`;
    const isUnpriced = async () => (await member.get("/chats/models")).body[0].unpriced;
    await admin.patch(path, { pricing: { input_price_per_million: "0" } });
    expect(await isUnpriced()).toBe(true);
    await admin.patch(path, { pricing: { output_price_per_million: "0" } });
    expect(await isUnpriced()).toBe(false);
  });

  test("pick a model sees why it cannot be used, and no disabled one", async () => {
    const { id } = await addProvider({ api_key: undefined });
    await addModel(id, { enabled: false });
    await addModel(id);
    const reason = async () =>
      (await member.get("/chats/models")).body.map((model: Record<string, unknown>) => model.unavailable_reason);
    expect(await reason()).toEqual(["The provider Anthropic has no API key."]);
    await admin.patch(`/chats/providers/${id}`, { enabled: false });
    expect(await reason()).toEqual(["The provider Anthropic is disabled."]);
  });
});

describe("a run", () => {
  const resolve = (modelConfigId: string | null) =>
    resolveModelForRun({ db: api.db, runtime: api.runtime, modelConfigId });

  test("gets its model, key and prices", async () => {
    const provider = await addProvider({ base_url: "https://proxy.test/v1" });
    await addModel(provider.id);
    const config = await addModel(provider.id, { model: "second", pricing: { input_price_per_million: "3" } });
    expect(await resolve(config.id)).toEqual({
      ok: true,
      model: {
        config,
        provider: {
          id: provider.id,
          type: "anthropic",
          displayName: "Anthropic",
          baseUrl: "https://proxy.test/v1",
          settings: {},
        },
        apiKey: KEY,
        pricing: config.pricing,
      },
    });
  });

  test("falls back to the default when its model is deleted, disabled, unknown or unset", async () => {
    const { id } = await addProvider();
    const [first, second] = [await addModel(id), await addModel(id)];
    const chosen = async (modelConfigId: string | null) => {
      const resolved = await resolve(modelConfigId);
      return resolved.ok && resolved.model.config.id;
    };
    expect(await chosen(second.id)).toBe(second.id);
    expect(await chosen(null)).toBe(first.id);
    expect(await chosen(UNKNOWN)).toBe(first.id);
    await admin.patch(`/chats/model-configs/${second.id}`, { enabled: false });
    expect(await chosen(second.id)).toBe(first.id);
    await admin.delete(`/chats/model-configs/${second.id}`);
    expect(await chosen(second.id)).toBe(first.id);
  });

  test("learns why it cannot go on", async () => {
    expect(await resolve(null)).toMatchObject({
      ok: false,
      error: { kind: "config", retryable: false, provider: null },
    });
    const { id } = await addProvider();
    const config = await addModel(id);
    await admin.patch(`/chats/providers/${id}`, { api_key: null });
    expect(await resolve(config.id)).toMatchObject({
      ok: false,
      error: { kind: "missing_key", provider: "anthropic" },
    });
    await admin.patch(`/chats/providers/${id}`, { enabled: false, api_key: KEY });
    expect(await resolve(config.id)).toMatchObject({ ok: false, error: { kind: "provider_disabled" } });
    await admin.patch(`/chats/providers/${id}`, { enabled: true });
    const otherKey = { ...api.runtime, secrets: createSecretBox(Buffer.alloc(32)) };
    const resolved = await resolveModelForRun({ db: api.db, runtime: otherKey, modelConfigId: config.id });
    expect(resolved).toMatchObject({ ok: false, error: { kind: "missing_key" } });
    expect(JSON.stringify(resolved)).not.toContain(KEY);
  });
});

describe("testing a provider", () => {
  test("calls it for real, with the stored key, and tells the latency", async () => {
    const server = await startModelServer({ script: () => reply.text("OK"), apiKey: KEY });
    onTestFinished(server.close);
    for (const provider of SUPPORTED_PROVIDER_TYPES) {
      const { id } = await addProvider({ provider, base_url: server.url });
      const answer = await admin.post(`/chats/providers/${id}/test`, { model: "scripted" });
      expect(answer.body).toEqual({ ok: true, latency_ms: expect.any(Number) });
    }
    expect(server.requests.map((request) => request.model)).toEqual(SUPPORTED_PROVIDER_TYPES.map(() => "scripted"));
  });

  test("shows the provider's own error, never the key", async () => {
    const error = reply.error(404, "not_found_error", `model: nonsense (asked with ${KEY})`);
    const server = await startModelServer({ script: () => error });
    onTestFinished(server.close);
    const { id } = await addProvider({ base_url: `${server.url}/v1` });
    await addModel(id, { model: "nonsense" });
    const answer = await admin.post(`/chats/providers/${id}/test`, {});
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ok: false, status_code: 404 });
    expect(answer.body.error).toContain("model: nonsense");
    expect(JSON.stringify(answer.body)).not.toContain(KEY);
  });

  test("tells that nobody listens, that a key is missing, or that there is no model to ask", async () => {
    const dead = await addProvider({ base_url: "http://127.0.0.1:9/v1" });
    expect((await admin.post(`/chats/providers/${dead.id}/test`, { model: "m" })).body.ok).toBe(false);
    await admin.patch(`/chats/providers/${dead.id}`, { api_key: null });
    expect((await admin.post(`/chats/providers/${dead.id}/test`, { model: "m" })).body).toEqual({
      ok: false,
      error: "Anthropic has no API key.",
    });
    const empty = await addProvider({ provider: "openai-compat", base_url: "http://127.0.0.1:9/v1" });
    expect((await admin.post(`/chats/providers/${empty.id}/test`, {})).status).toBe(422);
    expect((await admin.post(`/chats/providers/${UNKNOWN}/test`, {})).status).toBe(404);
    expect((await member.post(`/chats/providers/${empty.id}/test`, {})).status).toBe(403);
  });
});
