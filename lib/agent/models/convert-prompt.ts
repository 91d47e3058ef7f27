/** Stored messages as the provider's prompt. Pure: stored rows are never changed, repairs are made on the way. */
import type {
  JSONValue,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { FileReferencePart, StoredPart } from "@/lib/contract/messages";
import type { ModelRequest, PromptMessage, ToolCall, ToolResult, ToolSpec } from "../types";
import { fence, showFile } from "./prompt-file";
import { resultText } from "./result-text";

type UserMessage = Extract<LanguageModelV4Message, { role: "user" }>;
type AssistantMessage = Extract<LanguageModelV4Message, { role: "assistant" }>;
type AssistantPart = AssistantMessage["content"][number];

/** @param provider a provider type: only what came from it is replayed to it. */
export function convertPrompt({ system, messages, files }: ModelRequest, provider: string): LanguageModelV4Prompt {
  const systemRows = messages.filter(({ role }) => role === "system").map(({ parts }) => textOf(parts));
  const systemText = [...system, ...systemRows].filter((text) => text.trim() !== "").join("\n\n");
  const results = findResults(messages);
  const wireIds = assignWireIds(messages);
  const lastUserIndex = messages.findLastIndex(({ role }) => role === "user");

  const prompt: LanguageModelV4Prompt = systemText === "" ? [] : [{ role: "system", content: systemText }];
  for (const [index, message] of messages.entries()) {
    if (message.role === "user") {
      const content = mapPresent(message.parts, (part) => userPart(part, { files, provider }));
      if (content.length > 0) prompt.push({ role: "user", content });
    }
    if (message.role !== "assistant") continue;
    const isThisTurn = index > lastUserIndex;
    const replay = { provider, isThisTurn, wireIds, message };
    const content = mapPresent(message.parts, (part) => assistantPart(part, replay));
    if (content.length > 0) prompt.push({ role: "assistant", content, ...reasoningDetails(replay) });
    const calls = message.parts.filter((part) => part.type === "tool-call");
    if (calls.length > 0) {
      const answers = calls.map((call) => toolResult({ call, result: results.get(call.tool_call_id), wireIds }));
      prompt.push({ role: "tool", content: answers });
    }
  }
  return prompt;
}

/** `map` without what became null, in an array of its own size: a list that grows is given 17 places at first. */
function mapPresent<T, U>(values: readonly T[], convert: (value: T) => U | null): U[] {
  const converted = values.map(convert);
  return (converted.includes(null) ? converted.filter((value) => value !== null) : converted) as U[];
}

/** Tools as the provider is told of them. */
export const convertTools = (tools: ToolSpec[]): LanguageModelV4FunctionTool[] =>
  tools.map(({ name, description, inputSchema }) => ({ type: "function", name, description, inputSchema }));

type FileView = { files: ModelRequest["files"]; provider: string };

function userPart(part: StoredPart, { files, provider }: FileView): UserMessage["content"][number] | null {
  if (part.type === "file") return showFile({ part, file: files?.get(part.file_id), provider });
  const text = userText(part);
  return text.trim() === "" ? null : { type: "text", text };
}

function userText(part: Exclude<StoredPart, { type: "file" }>): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "file-reference":
      return quoteFile(part);
    case "source":
      return `${part.title}: ${part.url}`;
    case "reasoning":
    case "tool-call":
    case "tool-result":
      return "";
  }
}

/** With the path and lines it was quoted from. */
export function quoteFile({ file_name, start_line, end_line, content }: FileReferencePart): string {
  const lines = start_line === end_line ? `line ${start_line}` : `lines ${start_line}-${end_line}`;
  return `Quoted from ${file_name}, ${lines}:
${fence(content)}`;
}

type Replay = {
  provider: string;
  /** After the last message of a person. */
  isThisTurn: boolean;
  wireIds: Map<string, string>;
  /** The one that is converted. */
  message: PromptMessage;
};

function assistantPart(part: StoredPart, replay: Replay): AssistantPart | null {
  const { provider, wireIds } = replay;
  switch (part.type) {
    case "text":
      // Anthropic refuses blocks of white space.
      return part.text.trim() === "" ? null : { type: "text", text: part.text, ...providerOptions(part, provider) };
    case "reasoning":
      return shouldReplayReasoning(part, replay)
        ? { type: "reasoning", text: part.text, ...providerOptions(part, provider) }
        : null;
    case "tool-call":
      return {
        type: "tool-call",
        toolCallId: wireIds.get(part.tool_call_id) ?? part.tool_call_id,
        toolName: part.tool_name,
        input: callInput(part.args),
        ...providerOptions(part, provider),
      };
    case "tool-result":
    case "file":
    case "file-reference":
    case "source":
      return null;
  }
}

/**
 * Anthropic, on Bedrock too, takes thinking back only whole, with its signature (cut thinking has none). Google's
 * matters by its signature. OpenAI's Chat Completions has none to take, its Responses take theirs encrypted. Compatible
 * servers want it within the turn (DeepSeek "Thinking mode", 2025-12), and refuse older.
 */
function shouldReplayReasoning(part: StoredPart, { provider, isThisTurn, message }: Replay): boolean {
  const metadata = part.provider_metadata?.[provider];
  if (!metadata) return false;
  switch (provider) {
    case "anthropic":
    case "bedrock":
      return "signature" in metadata || "redactedData" in metadata || "redactedContent" in metadata;
    case "google":
      return "thoughtSignature" in metadata;
    case "openai":
    case "azure":
      return isWholeItem(part, metadata.itemId, { provider, message });
    case "openrouter":
      return isThisTurn && !("reasoningDetails" in metadata);
    case "openai-compat":
      return isThisTurn;
    default:
      return false;
  }
}

/**
 * A reasoning item may be several parts, of which the last has the encrypted content, and OpenAI refuses one that
 * nothing follows: "provided without its required following item".
 */
function isWholeItem(part: StoredPart, itemId: unknown, { provider, message }: Pick<Replay, "provider" | "message">) {
  const isOfItem = (other: StoredPart) =>
    other.type === "reasoning" && other.provider_metadata?.[provider]?.itemId === itemId;
  const hasContent = (other: StoredPart) => other.provider_metadata?.[provider]?.reasoningEncryptedContent;
  if (!message.parts.some((other) => isOfItem(other) && hasContent(other))) return false;
  const rest = message.parts.slice(message.parts.indexOf(part) + 1);
  return rest.some(({ type }) => type === "text" || type === "tool-call");
}

/** OpenRouter takes the reasoning of the model behind it back as it sent it, beside the message; within the turn only. */
function reasoningDetails({ provider, isThisTurn, message }: Replay): { providerOptions?: SharedV4ProviderOptions } {
  if (provider !== "openrouter" || !isThisTurn) return {};
  const details = message.parts.flatMap((part) => part.provider_metadata?.openrouter?.reasoningDetails ?? []);
  if (details.length === 0) return {};
  return { providerOptions: { openaiCompatible: { reasoning_details: details as JSONValue[] } } };
}

function providerOptions(part: StoredPart, provider: string): { providerOptions?: SharedV4ProviderOptions } {
  const metadata = part.provider_metadata?.[provider];
  if (!metadata || Object.keys(metadata).length === 0) return {};
  return { providerOptions: { [provider]: metadata as SharedV4ProviderOptions[string] } };
}

/** Providers take objects only; what could not be parsed is shown to the model as it sent it. */
const callInput = (args: unknown): unknown =>
  typeof args === "object" && args !== null && !Array.isArray(args) ? args : { not_valid_json: args };

type AnsweredCall = { call: ToolCall; result: ToolResult | undefined; wireIds: Map<string, string> };

function toolResult({ call, result, wireIds }: AnsweredCall): LanguageModelV4ToolResultPart {
  const toolCallId = wireIds.get(call.tool_call_id) ?? call.tool_call_id;
  const value = result ? resultText(result.result) : NO_RESULT;
  return {
    type: "tool-result",
    toolCallId,
    toolName: call.tool_name,
    output: { type: (result?.is_error ?? true) ? "error-text" : "text", value },
  };
}

const NO_RESULT = "This call was cut off before it gave a result. Whether it had effects is unknown.";

/** By the id of their call. */
function findResults(messages: readonly PromptMessage[]): Map<string, ToolResult> {
  const results = new Map<string, ToolResult>();
  for (const { parts } of messages) {
    for (const part of parts) if (part.type === "tool-result") results.set(part.tool_call_id, part);
  }
  return results;
}

/** What every provider accepts as an id. */
const PORTABLE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The provider's own id where it is portable and the first of its name in the chat, else ours. Depends on earlier
 * messages only, so that the prefix of the prompt stays the same from step to step.
 */
function assignWireIds(messages: readonly PromptMessage[]): Map<string, string> {
  const taken = new Set<string>();
  const wireIds = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type !== "tool-call") continue;
      const own = part.provider_tool_call_id;
      const wireId = own !== undefined && PORTABLE_ID.test(own) && !taken.has(own) ? own : part.tool_call_id;
      taken.add(wireId);
      wireIds.set(part.tool_call_id, wireId);
    }
  }
  return wireIds;
}

/** The system prompt (with the tools before it) and the last two messages: what the next step sends again. */
export function addCacheMarks(prompt: LanguageModelV4Prompt, mark: SharedV4ProviderOptions): LanguageModelV4Prompt {
  const firstMarked = prompt.length - 2;
  return prompt.map((message, index) =>
    message.role === "system" || index >= firstMarked ? { ...message, providerOptions: mark } : message,
  );
}

const textOf = (parts: StoredPart[]): string =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
