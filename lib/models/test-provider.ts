/** "Does this provider work?": a small real call with the stored key. Stores nothing; the key goes to the provider only. */
import type { Executor } from "@/db/client";
import { listModelNames } from "@/db/queries/model-configs";
import { findProviderRow } from "@/db/queries/providers";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { ProviderTest } from "@/lib/contract/models";
import type { SecretBox } from "@/lib/secret-box";
import { testConnection } from "@/lib/test-connection";
import { PRESET_MODELS, type PresetModel } from "./presets";
import { needsKey, openProviderKey, type PresetEnv } from "./provider-key";
import { isSupported } from "./resolve-model";

/**
 * Uses the given model, or the provider's first. A disabled provider can be tested too.
 * @throws ApiError `not_found`, or `unprocessable` when there is no model to ask.
 */
export async function testProvider(options: {
  db: Executor;
  keys: { secrets: SecretBox; env: PresetEnv };
  providerId: string;
  model: string | undefined;
  signal: AbortSignal;
}): Promise<ProviderTest> {
  const { db, signal } = options;
  const row = await findProviderRow(db, { providerId: options.providerId });
  if (!row) throw notFound();
  if (!isSupported(row.provider)) {
    throw new ApiError("unprocessable", `This version cannot call providers of the type ${row.provider}.`);
  }
  const [first] = await listModelNames(db, { providerId: row.id });
  const [preset] = (PRESET_MODELS as Partial<Record<string, PresetModel[]>>)[row.provider] ?? [];
  const model = options.model ?? first ?? preset?.model;
  if (!model) throw new ApiError("unprocessable", `${row.displayName} has no model yet. Say which to ask: {"model"}.`);
  let apiKey: string | null;
  try {
    apiKey = openProviderKey(options.keys, row);
  } catch {
    return { ok: false, error: "The stored API key cannot be decrypted. Enter it again." };
  }
  if (apiKey === null && needsKey(row.provider)) return { ok: false, error: `${row.displayName} has no API key.` };
  const result = await testConnection({
    provider: row.provider,
    settings: row.settings,
    apiKey,
    baseUrl: row.baseUrl,
    model,
    signal,
  });
  if (result.ok) return { ok: true, latency_ms: result.latencyMs };
  const { message, detail, status_code } = result.failure;
  return { ok: false, error: detail ? `${message} ${detail}` : message, status_code };
}
