/** Turns what a provider reported into the record of a paid call, at the price in force when the turn began. Pure. */
import type { ModelCall, Prices } from "@/db/queries/chat-transition";
import type { ModelCallKind } from "@/db/schema/models";
import { costMicros } from "@/lib/agent/price";
import type { CommittedAnswer } from "@/lib/chats/runner-commits";
import type { StoredPart, Usage } from "@/lib/contract/messages";
import type { ModelConfig } from "@/lib/contract/models";

export type CallRecorder = {
  /** Null when the provider reported nothing. */
  toCall(kind: ModelCallKind, usage: Usage | null): ModelCall | null;
  toAnswer(answer: { parts: StoredPart[]; usage: Usage | null; runtimeMs: number | null }): CommittedAnswer;
};

type RecorderOptions = { config: Pick<ModelConfig, "id" | "model" | "pricing">; provider: string };

export function createCallRecorder({ config, provider }: RecorderOptions): CallRecorder {
  const { pricing } = config;
  const prices: Prices = {
    inputPricePerMillion: pricing.input_price_per_million,
    outputPricePerMillion: pricing.output_price_per_million,
    cacheReadPricePerMillion: pricing.cache_read_price_per_million,
    cacheWritePricePerMillion: pricing.cache_write_price_per_million,
  };
  const toCall: CallRecorder["toCall"] = (kind, usage) =>
    usage && {
      kind,
      modelConfigId: config.id,
      provider,
      model: config.model,
      usage,
      prices,
      costMicros: costMicros(usage, pricing),
    };
  return {
    toCall,
    toAnswer: ({ parts, usage, runtimeMs }) => ({
      parts,
      runtimeMs,
      modelConfigId: config.id,
      call: toCall("step", usage),
    }),
  };
}
