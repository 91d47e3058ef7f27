/** What is known of each provider type, for the forms, the checks and the calls. Pure data; loaded by browser and server. */
import type { ProviderSettings, SupportedProviderType } from "./models";

export type ProviderTypeFacts = {
  label: string;
  /** Where calls go without a base URL. Null: one must be given. Empty: it follows from the region. */
  defaultBaseUrl: string | null;
  /** A base URL as people enter it. */
  exampleBaseUrl: string;
  /** Added to a base URL that has no path. */
  defaultPath: string;
  needsKey: boolean;
  /** What stands in the key field, where it is more than a key. */
  keyHint?: string;
  /** What a model is called there, where it is not the vendor's own name. */
  modelHint?: string;
  settings: readonly (keyof ProviderSettings)[];
};

/** In the order they are offered. */
export const PROVIDER_FACTS: Record<SupportedProviderType, ProviderTypeFacts> = {
  anthropic: {
    label: "Anthropic",
    defaultBaseUrl: "https://api.anthropic.com/v1",
    exampleBaseUrl: "https://api.anthropic.com/v1",
    defaultPath: "/v1",
    needsKey: true,
    settings: [],
  },
  openai: {
    label: "OpenAI",
    defaultBaseUrl: "https://api.openai.com/v1",
    exampleBaseUrl: "https://api.openai.com/v1",
    defaultPath: "/v1",
    needsKey: true,
    settings: ["api"],
  },
  google: {
    label: "Google Gemini",
    defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
    exampleBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
    defaultPath: "/v1beta",
    needsKey: true,
    settings: [],
  },
  openrouter: {
    label: "OpenRouter",
    defaultBaseUrl: "https://openrouter.ai/api/v1",
    exampleBaseUrl: "https://openrouter.ai/api/v1",
    defaultPath: "/api/v1",
    needsKey: true,
    modelHint: "With its author, for example anthropic/claude-sonnet-4.5.",
    settings: [],
  },
  azure: {
    label: "Azure OpenAI",
    defaultBaseUrl: null,
    exampleBaseUrl: "https://my-resource.openai.azure.com",
    defaultPath: "/openai/v1",
    needsKey: true,
    modelHint: "The name of the deployment.",
    settings: ["api"],
  },
  bedrock: {
    label: "Amazon Bedrock",
    defaultBaseUrl: "",
    exampleBaseUrl: "https://bedrock-runtime.eu-central-1.amazonaws.com",
    defaultPath: "",
    needsKey: true,
    keyHint: "A Bedrock API key, or access key id and secret joined by a colon.",
    modelHint: "The id of the model or of its inference profile.",
    settings: ["region"],
  },
  "openai-compat": {
    label: "OpenAI-compatible",
    defaultBaseUrl: null,
    exampleBaseUrl: "http://127.0.0.1:11434/v1",
    defaultPath: "/v1",
    needsKey: false,
    settings: [],
  },
};
