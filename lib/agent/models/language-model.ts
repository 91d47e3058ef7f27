/** The provider package's model object for one provider row. Makes no connection and reads no environment. */
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createAzure } from "@ai-sdk/azure";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ProviderSettings, SupportedProviderType } from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import { StreamFailure } from "./failure-signal";
import { createModelFetch, type Fetch } from "./model-fetch";
import type { Dialect } from "./usage";

export type LanguageModelSettings = {
  provider: SupportedProviderType;
  /** Null: none is sent (a local model server). */
  apiKey: string | null;
  /** With or without the version path. Null: the vendor's. */
  baseUrl: string | null;
  /** The vendor's name of the model. */
  model: string;
  settings?: ProviderSettings | undefined;
  fetch?: Fetch;
};

/** Which wire format a provider row speaks. */
export function dialectOf({ provider, settings }: Pick<LanguageModelSettings, "provider" | "settings">): Dialect {
  switch (provider) {
    case "anthropic":
    case "google":
    case "bedrock":
      return provider;
    case "openai":
    case "azure":
      return settings?.api === "chat" ? "openai-chat" : "openai-responses";
    case "openrouter":
    case "openai-compat":
      return "openai-chat";
  }
}

/** @throws StreamFailure when an address or a region is missing. */
export function createLanguageModel(options: LanguageModelSettings): LanguageModelV4 {
  const { provider, baseUrl, model } = options;
  const fetch = createModelFetch(options.fetch);
  const baseURL = resolveBaseUrl(provider, baseUrl);
  // An empty key instead of none: the packages would look for one in the environment.
  const apiKey = options.apiKey ?? "";
  switch (provider) {
    case "anthropic":
      return createAnthropic({ apiKey, baseURL, fetch: isGateway(baseUrl) ? withoutBetas(fetch) : fetch })(model);
    case "google":
      return createGoogle({ apiKey, baseURL, fetch })(model);
    case "azure": {
      const azure = createAzure({ apiKey, baseURL, fetch });
      return dialectOf(options) === "openai-chat" ? azure.chat(model) : azure.responses(model);
    }
    case "bedrock":
      return createBedrockModel(options, fetch);
    case "openai":
      return dialectOf(options) === "openai-chat"
        ? createChatModel(options, { baseURL, fetch })
        : createOpenAI({ apiKey, baseURL, fetch }).responses(model);
    case "openrouter":
    case "openai-compat":
      return createChatModel(options, { baseURL, fetch });
  }
}

type Connection = { baseURL: string; fetch: Fetch };

function createChatModel({ provider, apiKey, model }: LanguageModelSettings, connection: Connection): LanguageModelV4 {
  return createOpenAICompatible({
    name: provider,
    ...connection,
    ...(apiKey && { apiKey }),
    includeUsage: true,
    ...(provider === "openai" && { transformRequestBody: openaiBody }),
  }).chatModel(model);
}

/** OpenAI's reasoning models refuse `max_tokens` (platform.openai.com, Chat Completions, 2026-01). */
const openaiBody = ({ max_tokens, ...body }: Record<string, unknown>) =>
  max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };

/** Access key id, secret and the session's token if there is one; a Bedrock API key has no colon. */
const AWS_KEY_PAIR = /^(?<accessKeyId>[A-Z0-9]{16,128}):(?<secretAccessKey>[^:]+)(?::(?<sessionToken>.+))?$/;

function createBedrockModel(options: LanguageModelSettings, fetch: Fetch): LanguageModelV4 {
  const { baseUrl, apiKey, model, settings } = options;
  const region = settings?.region ?? regionOf(baseUrl);
  const pair = AWS_KEY_PAIR.exec(apiKey ?? "")?.groups;
  if (!region && (!baseUrl || pair)) {
    throw new StreamFailure("address", "Bedrock needs an AWS region, for example eu-central-1.");
  }
  const keys = pair ? { apiKey: "", ...pair } : { apiKey: apiKey || "none" };
  const bedrock = createAmazonBedrock({ ...keys, region: region ?? "", baseURL: bedrockUrl(baseUrl, region), fetch });
  return bedrock(model);
}

const regionOf = (baseUrl: string | null): string | undefined =>
  baseUrl ? /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./.exec(new URL(baseUrl).hostname)?.[1] : undefined;

/** Said here, because the package would let the environment name another. */
function bedrockUrl(baseUrl: string | null, region: string | undefined): string {
  if (baseUrl) return baseUrl;
  return `https://bedrock-runtime.${region}.${region?.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
}

/** A server that speaks Anthropic's format and is not Anthropic: it may refuse fields and betas that only Anthropic knows. */
export const isGateway = (baseUrl: string | null): boolean =>
  baseUrl !== null && new URL(baseUrl).hostname !== "api.anthropic.com";

/** Bedrock behind a gateway answers 400 to a beta it does not know; the SDK names one whenever there are tools. */
const withoutBetas = (modelFetch: Fetch): Fetch => {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("anthropic-beta");
    return modelFetch(input, { ...init, headers });
  };
};

/** An address without a path means the vendor's usual one. @throws StreamFailure where one must be given and is not. */
export function resolveBaseUrl(provider: SupportedProviderType, baseUrl: string | null): string {
  const { label, defaultBaseUrl, defaultPath, exampleBaseUrl } = PROVIDER_FACTS[provider];
  if (!baseUrl) {
    if (defaultBaseUrl !== null) return defaultBaseUrl;
    throw new StreamFailure("address", `${label} needs a base URL, for example ${exampleBaseUrl}.`);
  }
  const url = baseUrl.replace(/\/+$/, "");
  return new URL(url).pathname === "/" ? `${url}${defaultPath}` : url;
}
