/** A vendor's request in one shape, for scripts to look at. Pure. */
import { readBedrock, readGoogle, readResponses } from "./model-request-formats";
import { contentText, type Json, list, parseJson, record } from "./request-json";

/** `openai` is Chat Completions. */
export type Dialect = "anthropic" | "openai" | "openrouter" | "openai-responses" | "google" | "bedrock";

/** What differs from vendor to vendor. */
export type ReadRequest = { system: string; messages: SeenMessage[]; tools: string[] };

export type SeenToolCall = { id: string; name: string; args: unknown };
export type SeenToolResult = { id: string; text: string; isError: boolean };

export type SeenMessage = {
  role: string;
  text: string;
  toolCalls: SeenToolCall[];
  toolResults: SeenToolResult[];
};

export type ModelServerRequest = {
  dialect: Dialect;
  model: string;
  system: string;
  messages: SeenMessage[];
  /** The last message of a person. */
  prompt: string;
  /** Answers since then: 0 for the first of a turn. */
  step: number;
  /** Results of the calls of the last answer, in order. */
  toolResults: SeenToolResult[];
  /** Names, in order. */
  tools: string[];
  headers: Record<string, string | string[] | undefined>;
  /** The request as it came. */
  body: Record<string, unknown>;
};

export type IncomingRequest = {
  dialect: Dialect;
  /** Where the path names it instead of the body. */
  model: string | undefined;
  body: Json;
  headers: ModelServerRequest["headers"];
};

/** Reads any vendor's body. */
export function readModelRequest({ dialect, model, body, headers }: IncomingRequest): ModelServerRequest {
  const { system, messages, tools } = READERS[dialect](body);
  const lastPrompt = messages.findLastIndex(({ role, toolResults }) => role === "user" && toolResults.length === 0);
  const lastAnswer = messages.findLastIndex(({ role }) => role === "assistant");
  return {
    dialect,
    model: model ?? String(body.model),
    system,
    messages,
    prompt: messages[lastPrompt]?.text ?? "",
    step: messages.slice(lastPrompt + 1).filter(({ role }) => role === "assistant").length,
    toolResults: messages.slice(lastAnswer + 1).flatMap(({ toolResults }) => toolResults),
    tools,
    headers,
    body,
  };
}

const readAnthropic = (body: Json): ReadRequest => ({
  system: contentText(body.system),
  messages: list(body.messages).map(anthropicMessage),
  tools: toolNames(body),
});

const readChat = (body: Json): ReadRequest => ({
  system: systemText(list(body.messages)),
  messages: openaiMessages(list(body.messages)),
  tools: toolNames(body),
});

const toolNames = (body: Json): string[] =>
  list(body.tools).map((tool) => String(tool.name ?? record(tool.function).name));

const READERS: Record<Dialect, (body: Json) => ReadRequest> = {
  anthropic: readAnthropic,
  openai: readChat,
  openrouter: readChat,
  "openai-responses": readResponses,
  google: readGoogle,
  bedrock: readBedrock,
};

function anthropicMessage(message: Json): SeenMessage {
  const blocks = typeof message.content === "string" ? [] : list(message.content);
  return {
    role: String(message.role),
    text: contentText(message.content),
    toolCalls: blocks
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => ({ id: String(id), name: String(name), args: input })),
    toolResults: blocks
      .filter(({ type }) => type === "tool_result")
      .map((block) => ({
        id: String(block.tool_use_id),
        text: contentText(block.content),
        isError: block.is_error === true,
      })),
  };
}

const openaiMessages = (raw: Json[]): SeenMessage[] =>
  raw
    .filter(({ role }) => role !== "system" && role !== "developer")
    .map((message) => ({
      role: String(message.role),
      text: message.role === "tool" ? "" : contentText(message.content),
      toolCalls: list(message.tool_calls).map((call) => {
        const { name, arguments: json } = record(call.function);
        return { id: String(call.id), name: String(name), args: parseJson(String(json)) };
      }),
      toolResults:
        message.role === "tool"
          ? [{ id: String(message.tool_call_id), text: contentText(message.content), isError: false }]
          : [],
    }));

const systemText = (raw: Json[]): string =>
  raw
    .filter(({ role }) => role === "system" || role === "developer")
    .map(({ content }) => contentText(content))
    .join("\n\n");
