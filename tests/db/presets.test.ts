import { beforeEach, expect, test } from "vitest";
import { listModelConfigs } from "@/db/queries/model-configs";
import { listProviders } from "@/db/queries/providers";
import { ensurePresets } from "@/lib/models/ensure-presets";
import { changeModelConfig, createModelConfig, deleteModelConfig } from "@/lib/models/model-configs";
import { changeProvider, createProvider, deleteProvider } from "@/lib/models/providers";
import { resolveModelForRun } from "@/lib/models/resolve-model";
import { createSecretBox } from "@/lib/secret-box";
import { createTestDatabase } from "../support/database";

const { db, sql } = await createTestDatabase();
const secrets = createSecretBox(Buffer.alloc(32, 1));
const env = { ANTHROPIC_API_KEY: "sk-ant-canary-7777" };

beforeEach(async () => {
  await sql`TRUNCATE chat_providers CASCADE`;
});

const names = async () => (await listModelConfigs(db)).map((config) => config.model).sort();

test("a key in the environment makes a provider with models and a default", async () => {
  await ensurePresets({ db, env: { ...env, ANTHROPIC_BASE_URL: "https://proxy.test/v1/" } });
  expect(await listProviders(db)).toMatchObject([
    {
      provider: "anthropic",
      display_name: "Anthropic",
      base_url: "https://proxy.test/v1",
      has_api_key: true,
      api_key_hint: "7777",
      source: "environment",
    },
  ]);
  expect(await names()).toEqual(["claude-haiku-4-5", "claude-opus-5-5", "claude-sonnet-5"]);
  const [first] = await listModelConfigs(db);
  expect(first).toMatchObject({
    model: "claude-sonnet-5",
    is_default: true,
    compression_threshold: 30,
    pricing: { input_price_per_million: "2", cache_read_price_per_million: "0.2" },
  });
});

test("the key stays in the environment and reaches the run from there", async () => {
  await ensurePresets({ db, env });
  const rows = await sql`SELECT * FROM chat_providers`;
  expect(JSON.stringify(rows)).not.toContain("canary");
  const resolved = await resolveModelForRun({ db, runtime: { env, secrets }, modelConfigId: null });
  expect(resolved).toMatchObject({ ok: true, model: { apiKey: env.ANTHROPIC_API_KEY } });
});

test("what an administrator changed or deleted survives a restart", async () => {
  await ensurePresets({ db, env });
  const [sonnet, opus, haiku] = await listModelConfigs(db);
  if (!sonnet || !opus || !haiku) throw new Error("presets are missing");
  await changeModelConfig(db, {
    modelConfigId: haiku.id,
    changes: { is_default: true, display_name: "Mine", pricing: { input_price_per_million: "9.99" } },
  });
  await deleteModelConfig(db, { modelConfigId: opus.id });
  await changeProvider({ db, secrets }, { providerId: sonnet.provider_id, changes: { display_name: "Ours" } });
  const before = [await listProviders(db), await listModelConfigs(db)];
  await ensurePresets({ db, env });
  expect([await listProviders(db), await listModelConfigs(db)]).toEqual(before);
});

test("a preset goes with its variable and comes back with it, as it was", async () => {
  await ensurePresets({ db, env: { ...env, OPENAI_API_KEY: "sk-openai-canary" } });
  const [sonnet, opus] = await listModelConfigs(db);
  if (!sonnet || !opus) throw new Error("presets are missing");
  await deleteModelConfig(db, { modelConfigId: opus.id });
  await ensurePresets({ db, env: { OPENAI_API_KEY: "sk-openai-canary" } });
  expect((await listProviders(db)).map((provider) => provider.provider)).toEqual(["openai"]);
  expect(await names()).toEqual(["gpt-6-luna", "gpt-6-sol"]);
  expect((await listModelConfigs(db)).filter((config) => config.is_default)).toHaveLength(1);
  await ensurePresets({ db, env });
  expect(await names()).toEqual(["claude-haiku-4-5", "claude-sonnet-5"]);
  expect((await listModelConfigs(db)).find((config) => config.id === sonnet.id)).toMatchObject({ is_default: true });
});

test("a preset never takes the default from a usable model", async () => {
  const body = { provider: "openai-compat" as const, base_url: "http://127.0.0.1:9/v1", enabled: true };
  const provider = await createProvider({ db, secrets }, body);
  const config = await createModelConfig(db, {
    provider_id: provider.id,
    model: "local",
    enabled: true,
    context_limit: 8_000,
    options: {},
  });
  await ensurePresets({ db, env });
  expect((await listModelConfigs(db)).find((other) => other.is_default)?.id).toBe(config.id);
});

test("key and address of a preset are not changed here, and it is not deleted", async () => {
  await ensurePresets({ db, env });
  const [provider] = await listProviders(db);
  const providerId = provider?.id ?? "";
  for (const changes of [{ api_key: "x" }, { api_key: null }, { base_url: null }]) {
    await expect(changeProvider({ db, secrets }, { providerId, changes })).rejects.toMatchObject({ code: "conflict" });
  }
  await expect(deleteProvider(db, { providerId })).rejects.toMatchObject({ code: "conflict" });
  expect(await changeProvider({ db, secrets }, { providerId, changes: { enabled: false } })).toMatchObject({
    enabled: false,
    has_api_key: true,
  });
});

test("ten processes that start at once agree", async () => {
  await Promise.all(Array.from({ length: 10 }, () => ensurePresets({ db, env })));
  expect(await listProviders(db)).toHaveLength(1);
  expect(await names()).toHaveLength(3);
});
