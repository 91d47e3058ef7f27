/**
 * Folds the provider's stream into the parts of one assistant message and says what each piece adds live.
 * Pure but for the clock; does no I/O.
 */
import type { JSONObject, LanguageModelV4StreamPart, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { Clock } from "@/lib/clock";
import type { SourcePart, StoredPart, Usage } from "@/lib/contract/messages";
import type { ModelPart } from "../types";
import { appendReasoningDetails } from "./reasoning-details";
import { anthropicUsage, googleUsage } from "./usage";

type TextBlock = { type: "text"; chunks: string[]; metadata: SharedV4ProviderMetadata };
type ReasoningBlock = {
  type: "reasoning";
  chunks: string[];
  startedAt: number;
  endedAt: number;
  metadata: SharedV4ProviderMetadata;
};
type CallBlock = {
  type: "tool-call";
  toolCallId: string;
  providerToolCallId: string;
  toolName: string;
  chunks: string[];
  /** Present once the provider says that the call is whole. */
  args?: { value: unknown };
  metadata?: SharedV4ProviderMetadata;
};
type Block = TextBlock | ReasoningBlock | CallBlock | SourcePart;

export type AnswerOptions = {
  /** Kept with reasoning, which is replayed to the same provider only. */
  provider: string;
  clock: Clock;
  /** Unique ids for tool calls: providers' own repeat (some number them from 0 in every answer). */
  newToolCallId: () => string;
};

export type Answer = {
  options: AnswerOptions;
  blocks: Block[];
  /** The open block of each of the provider's ids. */
  texts: Map<string, TextBlock>;
  reasonings: Map<string, ReasoningBlock>;
  calls: Map<string, CallBlock>;
  /** What the provider reported before the end; null: nothing. */
  usageSoFar: Usage | null;
  /** OpenRouter's, as they are sent back. */
  reasoningDetails: JSONObject[];
};

/** One per model call. */
export const createAnswer = (options: AnswerOptions): Answer => ({
  options,
  blocks: [],
  texts: new Map(),
  reasonings: new Map(),
  calls: new Map(),
  usageSoFar: null,
  reasoningDetails: [],
});

/** Takes in one piece of the stream; returns the live part it adds, or null. */
export function acceptStreamPart(answer: Answer, part: LanguageModelV4StreamPart): ModelPart | null {
  switch (part.type) {
    case "text-start":
    case "text-delta":
    case "text-end":
      return acceptText(answer, part);
    case "reasoning-start":
    case "reasoning-delta":
    case "reasoning-end":
      return acceptReasoning(answer, part);
    case "tool-input-start":
    case "tool-input-delta":
    case "tool-call":
      return acceptCall(answer, part);
    case "source": {
      if (part.sourceType !== "url") return null;
      const source: SourcePart = { type: "source", url: part.url, title: part.title ?? part.url };
      answer.blocks.push(source);
      return source;
    }
    case "custom": {
      // Anthropic's first event already says what the prompt costs; an aborted stream says no more.
      const raw = part.kind === "anthropic.message_start" ? part.providerMetadata?.anthropic?.usage : undefined;
      if (typeof raw === "object" && raw !== null) answer.usageSoFar = anthropicUsage(raw);
      return null;
    }
    case "raw":
      acceptRaw(answer, part.rawValue);
      return null;
    default:
      return null;
  }
}

/** The message so far, as it is stored. */
export function answerParts({ blocks, options, reasoningDetails }: Answer): StoredPart[] {
  const parts = blocks.flatMap((block) => storedPart(block, options.provider));
  if (reasoningDetails.length === 0) return parts;
  const metadata = { openrouter: { reasoningDetails } };
  const first = parts.find(({ type }) => type === "reasoning");
  // Encrypted reasoning has details and no text.
  if (!first) return [{ type: "reasoning", text: "", duration_ms: 0, provider_metadata: metadata }, ...parts];
  return parts.map((part) => (part === first ? { ...part, provider_metadata: metadata } : part));
}

type TextStreamPart = Extract<LanguageModelV4StreamPart, { type: `text-${"start" | "delta" | "end"}` }>;

function acceptText(answer: Answer, part: TextStreamPart): ModelPart | null {
  const known = part.type === "text-start" ? undefined : answer.texts.get(part.id);
  const block = known ?? openText(answer, part.id);
  mergeMetadata(block.metadata, part.providerMetadata);
  if (part.type !== "text-delta" || part.delta === "") return null;
  block.chunks.push(part.delta);
  return { type: "text", delta: part.delta };
}

/** What the packages do not pass on: Google's usage so far, OpenRouter's reasoning in the form it wants back. */
function acceptRaw(answer: Answer, raw: unknown): void {
  if (typeof raw !== "object" || raw === null) return;
  if ("usageMetadata" in raw && typeof raw.usageMetadata === "object" && raw.usageMetadata !== null) {
    answer.usageSoFar = googleUsage(raw.usageMetadata);
  }
  if (answer.options.provider === "openrouter") appendReasoningDetails(answer.reasoningDetails, raw);
}

function mergeMetadata(target: SharedV4ProviderMetadata, added: SharedV4ProviderMetadata | undefined): void {
  for (const [name, values] of Object.entries(added ?? {})) target[name] = { ...target[name], ...values };
}

type ReasoningStreamPart = Extract<LanguageModelV4StreamPart, { type: `reasoning-${"start" | "delta" | "end"}` }>;

function acceptReasoning(answer: Answer, part: ReasoningStreamPart): ModelPart | null {
  const known = part.type === "reasoning-start" ? undefined : answer.reasonings.get(part.id);
  const block = known ?? openReasoning(answer, part.id);
  // A signature comes in an empty delta.
  mergeMetadata(block.metadata, part.providerMetadata);
  if (part.type === "reasoning-end") block.endedAt = answer.options.clock.now();
  if (part.type !== "reasoning-delta" || part.delta === "") return null;
  block.chunks.push(part.delta);
  return { type: "reasoning", delta: part.delta };
}

type CallStreamPart = Extract<
  LanguageModelV4StreamPart,
  { type: "tool-input-start" | "tool-input-delta" | "tool-call" }
>;

function acceptCall(answer: Answer, part: CallStreamPart): ModelPart | null {
  if (part.type === "tool-input-start") {
    return part.providerExecuted ? null : { ...liveCall(openCall(answer, part.id, part.toolName)), args_delta: "" };
  }
  if (part.type === "tool-input-delta") {
    const block = answer.calls.get(part.id);
    if (!block) return null;
    block.chunks.push(part.delta);
    return { ...liveCall(block), args_delta: part.delta };
  }
  if (part.providerExecuted) return null;
  const block = answer.calls.get(part.toolCallId) ?? openCall(answer, part.toolCallId, part.toolName);
  block.args = { value: parseArgs(part.input) };
  if (part.providerMetadata) block.metadata = part.providerMetadata;
  // The same id again in one answer is another call.
  answer.calls.delete(part.toolCallId);
  return { ...liveCall(block), args: block.args.value };
}

const liveCall = ({ toolCallId, toolName }: CallBlock) => ({
  type: "tool-call" as const,
  tool_call_id: toolCallId,
  tool_name: toolName,
});

function openText(answer: Answer, id: string): TextBlock {
  const block: TextBlock = { type: "text", chunks: [], metadata: {} };
  answer.blocks.push(block);
  answer.texts.set(id, block);
  return block;
}

function openReasoning(answer: Answer, id: string): ReasoningBlock {
  const startedAt = answer.options.clock.now();
  const block: ReasoningBlock = { type: "reasoning", chunks: [], startedAt, endedAt: startedAt, metadata: {} };
  answer.blocks.push(block);
  answer.reasonings.set(id, block);
  return block;
}

function openCall(answer: Answer, providerToolCallId: string, toolName: string): CallBlock {
  const toolCallId = answer.options.newToolCallId();
  const block: CallBlock = { type: "tool-call", toolCallId, providerToolCallId, toolName, chunks: [] };
  answer.blocks.push(block);
  answer.calls.set(providerToolCallId, block);
  return block;
}

/** The raw text when it is not JSON; no text at all stands for no arguments. */
function parseArgs(json: string): unknown {
  if (json.trim() === "") return {};
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Beside texts only what the provider wants to see again: OpenAI's phase, Google's signature. */
function textMetadata({ metadata }: TextBlock, provider: string): Pick<StoredPart, "provider_metadata"> {
  const { phase, thoughtSignature } = metadata[provider] ?? {};
  const kept = { ...(phase !== undefined && { phase }), ...(thoughtSignature !== undefined && { thoughtSignature }) };
  return Object.keys(kept).length === 0 ? {} : { provider_metadata: { [provider]: kept } };
}

function storedPart(block: Block, provider: string): StoredPart[] {
  switch (block.type) {
    case "text": {
      const text = block.chunks.join("");
      return text === "" ? [] : [{ type: "text", text, ...textMetadata(block, provider) }];
    }
    case "reasoning": {
      const text = block.chunks.join("");
      if (text === "" && Object.keys(block.metadata).length === 0) return [];
      const durationMs = Math.max(0, Math.round(block.endedAt - block.startedAt));
      const metadata = { [provider]: block.metadata[provider] ?? {} };
      return [{ type: "reasoning", text, duration_ms: durationMs, provider_metadata: metadata }];
    }
    case "tool-call":
      return [
        {
          type: "tool-call",
          tool_call_id: block.toolCallId,
          tool_name: block.toolName,
          args: block.args ? block.args.value : block.chunks.join(""),
          provider_tool_call_id: block.providerToolCallId,
          ...(block.metadata?.[provider] && { provider_metadata: { [provider]: block.metadata[provider] } }),
        },
      ];
    case "source":
      return [block];
  }
}
