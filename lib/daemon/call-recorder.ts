/** Turns what a provider reported into the record of a paid call, at the price in force when the turn began. Pure. */
import type { ModelCall } from "@/db/queries/model-calls";
import { priceCall } from "@/lib/agent/price";
import type { CommittedAnswer } from "@/lib/chats/runner-commits";
import type { CallKind } from "@/lib/contract/costs";
import type { StoredPart, Usage } from "@/lib/contract/messages";
import type { ModelConfig } from "@/lib/contract/models";

export type CallRecorder = {
  /** Null when the provider reported nothing. */
  toCall(kind: CallKind, usage: Usage | null): ModelCall | null;
  toAnswer(answer: { parts: StoredPart[]; usage: Usage | null; runtimeMs: number | null }): CommittedAnswer;
};

type RecorderOptions = { config: Pick<ModelConfig, "id" | "model" | "pricing">; provider: string };

export function createCallRecorder({ config, provider }: RecorderOptions): CallRecorder {
  const toCall: CallRecorder["toCall"] = (kind, usage) =>
    usage && {
      kind,
      modelConfigId: config.id,
      provider,
      model: config.model,
      usage,
      ...priceCall(usage, config.pricing),
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
