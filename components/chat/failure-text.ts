import type { FailureKind } from "@/lib/contract/chats";

const PROVIDER_NAMES: Record<string, string> = {
  anthropic: "Anthropic",
  openai: "OpenAI",
  google: "Google",
  openrouter: "OpenRouter",
  azure: "Azure",
  bedrock: "Bedrock",
};

/** What failed, in one line, for a callout's title. */
export function failureTitle(kind: FailureKind, provider: string | null): string {
  const name = provider ? (PROVIDER_NAMES[provider] ?? "The model provider") : "The model provider";
  const titles = {
    overloaded: `${name} is overloaded`,
    rate_limit: `${name} limits the rate`,
    timeout: `${name} did not answer in time`,
    stream_silence: `${name} went silent`,
    auth: `${name} refused the key`,
    usage_limit: `The usage limit at ${name} is reached`,
    config: `${name} refused the request`,
    missing_key: `${name} has no key`,
    provider_disabled: `${name} is turned off`,
    content_filter: `${name} held the answer back`,
    context_overflow: "The conversation is too long for the model",
    turn_limit: "The turn reached its limit",
    loop: "The agent repeats itself",
    quarantined: "This agent was set aside",
    workspace: "The workspace did not start",
    generic: "The request failed",
  } satisfies Record<FailureKind, string>;
  return titles[kind];
}

/** Failures that an administrator mends on the models page. */
export const isModelSetup = (kind: FailureKind): boolean =>
  kind === "auth" || kind === "missing_key" || kind === "provider_disabled" || kind === "config";
