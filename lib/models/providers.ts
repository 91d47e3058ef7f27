/** Writing providers: keys are sealed, the default model follows. Calls no provider. */
import type { z } from "zod";
import type { Database, Transaction } from "@/db/client";
import { electDefaultModel, lockModelConfigs } from "@/db/queries/model-configs";
import {
  findProviderRow,
  insertProvider,
  markProviderDeleted,
  type ProviderRow,
  updateProvider,
} from "@/db/queries/providers";
import { ApiError, notFound } from "@/lib/contract/errors";
import type {
  createProviderSchema,
  Provider,
  ProviderSettings,
  ProviderType,
  patchProviderSchema,
} from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import { newId } from "@/lib/ids";
import type { SecretBox } from "@/lib/secret-box";
import { sealProviderKey } from "./provider-key";

type Options = { db: Database; secrets: SecretBox };

/** @throws ApiError `bad_request` for an address, a region or a setting that the type needs or does not have. */
export async function createProvider(
  { db, secrets }: Options,
  body: z.output<typeof createProviderSchema>,
): Promise<Provider> {
  const baseUrl = body.base_url ?? null;
  const settings = body.settings ?? {};
  checkConnection({ provider: body.provider, baseUrl, settings });
  const id = newId();
  return insertProvider(db, {
    id,
    provider: body.provider,
    displayName: body.display_name ?? defaultName(body.provider, baseUrl),
    baseUrl,
    ...sealProviderKey(secrets, { providerId: id, apiKey: body.api_key ?? null }),
    settings,
    enabled: body.enabled,
    source: "database",
  });
}

/**
 * What is absent stays; `api_key: null` removes the key. Disabling the default model's provider elects another model.
 * @throws ApiError `not_found`, or `conflict` for what the environment sets.
 */
export async function changeProvider(
  { db, secrets }: Options,
  options: { providerId: string; changes: z.output<typeof patchProviderSchema> },
): Promise<Provider> {
  const { providerId, changes } = options;
  return db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    const before = await getProvider(tx, providerId);
    if (before.source === "environment" && (changes.api_key !== undefined || changes.base_url !== undefined)) {
      throw presetConflict(before);
    }
    const baseUrl = changes.base_url === undefined ? before.baseUrl : changes.base_url;
    checkConnection({ provider: before.provider, baseUrl, settings: changes.settings ?? before.settings });
    const key = changes.api_key === undefined ? {} : sealProviderKey(secrets, { providerId, apiKey: changes.api_key });
    const provider = await updateProvider(tx, {
      providerId,
      displayName: changedName(before, { name: changes.display_name, baseUrl }),
      baseUrl: changes.base_url,
      settings: changes.settings,
      enabled: changes.enabled,
      ...key,
    });
    if (!provider) throw notFound();
    await electDefaultModel(tx);
    return provider;
  });
}

/** Its models go with it; history keeps their ids. @throws ApiError `not_found`, `conflict` for a preset. */
export async function deleteProvider(db: Database, options: { providerId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    const provider = await getProvider(tx, options.providerId);
    if (provider.source === "environment") throw presetConflict(provider);
    await markProviderDeleted(tx, options);
    await electDefaultModel(tx);
  });
}

async function getProvider(tx: Transaction, providerId: string): Promise<ProviderRow> {
  const provider = await findProviderRow(tx, { providerId });
  if (!provider) throw notFound();
  return provider;
}

function presetConflict(provider: ProviderRow): ApiError {
  return new ApiError(
    "conflict",
    `${provider.displayName} is set by environment variables: change or remove them and start again. It can be disabled here.`,
  );
}

type Connection = { provider: ProviderType; baseUrl: string | null; settings: ProviderSettings };

function checkConnection({ provider, baseUrl, settings }: Connection): void {
  const { label, defaultBaseUrl, exampleBaseUrl, settings: own } = PROVIDER_FACTS[provider];
  if (defaultBaseUrl === null && baseUrl === null) {
    throw invalid("base_url", `${label} needs an address, such as ${exampleBaseUrl}.`);
  }
  const [stranger] = Object.keys(settings).filter((name) => !(own as readonly string[]).includes(name));
  if (stranger) throw invalid(`settings.${stranger}`, `${label} has no such setting. Leave it out.`);
  if (own.includes("region") && baseUrl === null && !settings.region) {
    throw invalid("settings.region", `${label} needs a region, such as eu-central-1.`);
  }
}

const invalid = (field: string, detail: string): ApiError =>
  new ApiError("bad_request", `The body is not valid. ${field}: ${detail}`, { validations: [{ field, detail }] });

/** A name that was taken from the address follows it; undefined: it stays. */
function changedName(
  before: ProviderRow,
  { name, baseUrl }: { name: string | undefined; baseUrl: string | null },
): string | undefined {
  const isGiven = name !== undefined && name !== before.displayName;
  const isDefault = before.displayName === defaultName(before.provider, before.baseUrl);
  return !isGiven && isDefault ? defaultName(before.provider, baseUrl) : name;
}

const defaultName = (provider: ProviderType, baseUrl: string | null): string =>
  provider === "openai-compat" && baseUrl ? new URL(baseUrl).host : PROVIDER_FACTS[provider].label;
