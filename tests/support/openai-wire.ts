/** OpenAI's Chat Completions API as a server speaks it (platform.openai.com "Streaming", "Error codes", 2026-01). Pure. */
import { signThinking } from "./anthropic-wire";
import { type AnswerReply, type ErrorReply, type ReplyBlock, toChunks } from "./model-reply";
import { chunk, type Frame, frame, type WireContext } from "./wire";

/** `withDetails`: reasoning comes as OpenRouter sends it, in details of which the last is signed. */
type ChatContext = WireContext & { withDetails?: boolean };

/** The whole event stream of an answer. Reasoning comes as `reasoning_content`, as compatible servers send it. */
export function openaiFrames(answer: AnswerReply, context: ChatContext): Frame[] {
  const { model, includeUsage, newId } = context;
  const head = {
    id: `chatcmpl-${newId()}`,
    object: "chat.completion.chunk",
    created: 1_767_225_600,
    model,
    service_tier: "default",
    system_fingerprint: "fp_560af6e559",
  };
  const tail = includeUsage ? { usage: null } : {};
  const body = (delta: object, finishReason: string | null = null) =>
    event({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...tail });
  let calls = 0;
  return [
    frame(body({ role: "assistant", content: "", refusal: null })),
    ...answer.blocks
      .flatMap((block) => blockDeltas(block, block.type === "tool_call" ? calls++ : 0, context))
      .map((delta) => chunk(body(delta))),
    frame(body({}, answer.finishReason)),
    ...(includeUsage ? [frame(event({ ...head, choices: [], usage: usageBody(answer) }))] : []),
    frame("data: [DONE]\n\n"),
  ];
}

function blockDeltas(block: ReplyBlock, callIndex: number, { newId, withDetails }: ChatContext): object[] {
  switch (block.type) {
    case "text":
      return toChunks(block.chunks).map((content) => ({ content }));
    case "reasoning":
      return withDetails
        ? reasoningDetails(toChunks(block.chunks))
        : toChunks(block.chunks).map((text) => ({ reasoning_content: text }));
    case "redacted_reasoning":
      return [];
    case "tool_call": {
      const id = block.id ?? `call_${newId()}`;
      return [
        { tool_calls: [{ index: callIndex, id, type: "function", function: { name: block.name, arguments: "" } }] },
        ...toChunks(block.json ?? JSON.stringify(block.args ?? {})).map((json) => ({
          tool_calls: [{ index: callIndex, function: { arguments: json } }],
        })),
      ];
    }
  }
}

/** openrouter.ai "Reasoning tokens: preserving reasoning", 2026-01. */
function reasoningDetails(chunks: readonly string[]): object[] {
  const detail = { type: "reasoning.text", format: "anthropic-claude-v1", index: 0 };
  return [
    ...chunks.map((text) => ({ reasoning: text, reasoning_details: [{ ...detail, text }] })),
    { reasoning_details: [{ ...detail, signature: signThinking(chunks.join("")) }] },
  ];
}

function usageBody({ usage }: AnswerReply): object | null {
  if (!usage) return null;
  const { input, output, reasoning = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const promptTokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: output,
    total_tokens: promptTokens + output,
    prompt_tokens_details: { cached_tokens: cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const event = (body: object): string => `data: ${JSON.stringify(body)}\n\n`;

/** An error inside a stream that has begun. */
export const openaiStreamError = (errorType: string, message: string): string =>
  event({ error: { message, type: errorType, param: null, code: null } });

/** The body of an answer that is an error. OpenAI repeats the type as a code for some of them. */
export const openaiErrorBody = ({ errorType, message }: Pick<ErrorReply, "errorType" | "message">): string =>
  JSON.stringify({ error: { message, type: errorType, param: null, code: errorType } }, null, 2);

/** `GET /v1/models`. */
export const openaiModels = (models: readonly string[]): string =>
  JSON.stringify({
    object: "list",
    data: models.map((id) => ({ id, object: "model", created: 1_767_225_600, owned_by: "system" })),
  });
