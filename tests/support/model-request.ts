/** A vendor's request in one shape, for scripts to look at. Pure. */

export type Dialect = "anthropic" | "openai";

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

type Json = Record<string, unknown>;

/** Reads either vendor's body. */
export function readModelRequest(
  dialect: Dialect,
  body: Json,
  headers: ModelServerRequest["headers"],
): ModelServerRequest {
  const raw = list(body.messages);
  const messages = dialect === "anthropic" ? raw.map(anthropicMessage) : openaiMessages(raw);
  const lastPrompt = messages.findLastIndex(({ role, toolResults }) => role === "user" && toolResults.length === 0);
  const lastAnswer = messages.findLastIndex(({ role }) => role === "assistant");
  return {
    dialect,
    model: String(body.model),
    system: dialect === "anthropic" ? contentText(body.system) : systemText(raw),
    messages,
    prompt: messages[lastPrompt]?.text ?? "",
    step: messages.slice(lastPrompt + 1).filter(({ role }) => role === "assistant").length,
    toolResults: messages.slice(lastAnswer + 1).flatMap(({ toolResults }) => toolResults),
    tools: list(body.tools).map((tool) => String(tool.name ?? record(tool.function).name)),
    headers,
    body,
  };
}

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

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .filter(({ type }) => type === "text")
    .map(({ text }) => String(text))
    .join("\n");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
