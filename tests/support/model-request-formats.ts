/** Requests in the formats of OpenAI's Responses, Google and Bedrock, read into one shape. Pure. */
import type { ReadRequest, SeenMessage } from "./model-request";
import { type Json, list, parseJson, record } from "./request-json";

/** OpenAI's Responses: items in a row; what the model said between two results is one message. */
export function readResponses(body: Json): ReadRequest {
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : list(body.input);
  const isSystem = ({ role }: Json) => role === "system" || role === "developer";
  const messages: SeenMessage[] = [];
  for (const item of items.filter((each) => !isSystem(each))) {
    const last = messages.at(-1);
    const seen = responsesItem(item);
    if (seen.role === "assistant" && last?.role === "assistant") {
      last.text += seen.text;
      last.toolCalls.push(...seen.toolCalls);
    } else messages.push(seen);
  }
  return {
    system: [body.instructions, ...items.filter(isSystem).map(({ content }) => textsOf(content))]
      .filter(Boolean)
      .join("\n\n"),
    messages,
    tools: list(body.tools).map(({ name }) => String(name)),
  };
}

function responsesItem(item: Json): SeenMessage {
  const nothing = { text: "", toolCalls: [], toolResults: [] };
  switch (item.type) {
    case "function_call": {
      const call = { id: String(item.call_id), name: String(item.name), args: parseJson(String(item.arguments)) };
      return { ...nothing, role: "assistant", toolCalls: [call] };
    }
    case "function_call_output": {
      const result = { id: String(item.call_id), text: textsOf(item.output), isError: false };
      return { ...nothing, role: "tool", toolResults: [result] };
    }
    case "reasoning":
      return { ...nothing, role: "assistant" };
    default:
      return { ...nothing, role: String(item.role), text: textsOf(item.content) };
  }
}

/** Google: the model's role is `model`, results are named by their function where there is no id. */
export function readGoogle(body: Json): ReadRequest {
  return {
    system: textsOf(record(body.systemInstruction).parts),
    messages: list(body.contents).map(({ role, parts }) => ({
      role: role === "model" ? "assistant" : String(role),
      text: textsOf(list(parts).filter(({ thought }) => thought !== true)),
      toolCalls: list(parts).flatMap(({ functionCall }) => {
        if (!functionCall) return [];
        const { id, name, args } = record(functionCall);
        return [{ id: String(id ?? name), name: String(name), args }];
      }),
      toolResults: list(parts).flatMap(({ functionResponse }) => {
        if (!functionResponse) return [];
        const { id, name, response } = record(functionResponse);
        const { content } = record(response);
        const text = typeof content === "string" ? content : JSON.stringify(response);
        return [{ id: String(id ?? name), text, isError: false }];
      }),
    })),
    tools: list(body.tools).flatMap(({ functionDeclarations }) =>
      list(functionDeclarations).map(({ name }) => String(name)),
    ),
  };
}

/** Bedrock's Converse. */
export function readBedrock(body: Json): ReadRequest {
  return {
    system: textsOf(body.system),
    messages: list(body.messages).map(({ role, content }) => ({
      role: String(role),
      text: textsOf(content),
      toolCalls: list(content).flatMap(({ toolUse }) => {
        if (!toolUse) return [];
        const { toolUseId, name, input } = record(toolUse);
        return [{ id: String(toolUseId), name: String(name), args: input }];
      }),
      toolResults: list(content).flatMap(({ toolResult }) => {
        if (!toolResult) return [];
        const { toolUseId, content: result, status } = record(toolResult);
        return [{ id: String(toolUseId), text: textsOf(result), isError: status === "error" }];
      }),
    })),
    tools: list(record(body.toolConfig).tools).flatMap(({ toolSpec }) =>
      toolSpec ? [String(record(toolSpec).name)] : [],
    ),
  };
}

/** The texts of content whose blocks name no type, or one of their own. */
function textsOf(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .flatMap(({ text }) => (typeof text === "string" ? [text] : []))
    .join("\n");
}
