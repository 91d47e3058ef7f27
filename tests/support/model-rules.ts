/** What the vendors refuse in a request; a prompt that breaks a rule gets their 400. Pure. */
import { signThinking } from "./anthropic-wire";
import type { Dialect, ModelServerRequest, SeenMessage } from "./model-request";
import {
  googleSignatures,
  googleTurns,
  responsesLimit,
  responsesPairs,
  responsesReasoning,
} from "./model-rules-formats";

/** The vendor's complaint, or undefined when the request is fine. */
export function findBrokenRule(request: ModelServerRequest): string | undefined {
  return RULES[request.dialect].map((rule) => rule(request)).find((complaint) => complaint !== undefined);
}

type Rule = (request: ModelServerRequest) => string | undefined;

const RULES: Record<Dialect, Rule[]> = {
  anthropic: [
    ({ headers }) => (headers["anthropic-version"] ? undefined : "anthropic-version: header is required"),
    ({ body }) => (typeof body.max_tokens === "number" ? undefined : "max_tokens: Field required"),
    anthropicStart,
    anthropicPairs,
    anthropicBlocks,
    ({ body }) => {
      const marks = JSON.stringify(body).match(/"cache_control":\{/g)?.length ?? 0;
      return marks > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.` : undefined;
    },
  ],
  bedrock: [anthropicStart, anthropicPairs],
  openrouter: [({ messages }) => (messages.length === 0 ? "messages: too short" : undefined), openaiPairs],
  "openai-responses": [responsesPairs, responsesReasoning, responsesLimit],
  google: [googleTurns, googleSignatures],
  openai: [({ messages }) => (messages.length === 0 ? "messages: too short" : undefined), openaiPairs],
};

function anthropicStart({ messages }: ModelServerRequest): string | undefined {
  if (messages.length === 0) return "messages: at least one message is required";
  return messages[0]?.role === "user" ? undefined : 'messages: first message must use the "user" role';
}

function anthropicPairs({ messages }: ModelServerRequest): string | undefined {
  const ids = messages.flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id));
  if (new Set(ids).size < ids.length) return "messages: `tool_use` ids must be unique";
  const badId = ids.find((id) => !/^[a-zA-Z0-9_-]+$/.test(id));
  if (badId !== undefined) return `tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$', got ${badId}`;
  for (const [index, message] of messages.entries()) {
    const open = message.toolCalls.map(({ id }) => id);
    const closed = (messages[index + 1]?.toolResults ?? []).map(({ id }) => id);
    const missing = open.filter((id) => !closed.includes(id));
    if (missing.length > 0) {
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}`;
    }
    const before = messages[index - 1]?.toolCalls.map(({ id }) => id) ?? [];
    const stray = message.toolResults.find(({ id }) => !before.includes(id));
    if (stray) return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray.id}`;
  }
  return undefined;
}

function anthropicBlocks({ body }: ModelServerRequest): string | undefined {
  for (const { content } of body.messages as { content: unknown }[]) {
    for (const block of Array.isArray(content) ? content : []) {
      if (block.type === "text" && String(block.text).trim() === "")
        return "text content blocks must contain non-whitespace text";
      if (block.type === "thinking" && block.signature !== signThinking(block.thinking)) {
        return "Invalid `signature` in `thinking` block";
      }
    }
  }
  return undefined;
}

function openaiPairs({ messages }: ModelServerRequest): string | undefined {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      const id = message.toolResults[0]?.id ?? "";
      if (!open.includes(id))
        return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      open = open.filter((other) => other !== id);
      continue;
    }
    if (open.length > 0) return unanswered(open);
    open = callIds(message);
  }
  return open.length > 0 ? unanswered(open) : undefined;
}

const callIds = ({ toolCalls }: SeenMessage): string[] => toolCalls.map(({ id }) => id);

const unanswered = (ids: string[]): string =>
  `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`;
