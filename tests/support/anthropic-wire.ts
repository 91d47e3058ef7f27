/** Anthropic's Messages API as a server speaks it (docs.anthropic.com "Streaming messages", "Errors", 2026-01). Pure. */
import { type AnswerReply, type ErrorReply, type FinishReason, type ReplyBlock, toChunks } from "./model-reply";
import { chunk, type Frame, frame, type WireContext } from "./wire";

const STOP_REASONS = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
} satisfies Record<FinishReason, string>;

/** The whole event stream of an answer. `newId` makes the random part of ids. */
export function anthropicFrames(answer: AnswerReply, { model, newId }: Pick<WireContext, "model" | "newId">): Frame[] {
  const usage = answer.usage ?? { input: 0, output: 0 };
  const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const message = {
    id: `msg_${newId()}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input,
      cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
      cache_read_input_tokens: cacheRead,
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
      output_tokens: Math.min(1, usage.output),
      service_tier: "standard",
    },
  };
  return [
    frame(event({ type: "message_start", message })),
    frame(event({ type: "ping" })),
    ...answer.blocks.flatMap((block, index) => blockFrames(block, index, newId)),
    frame(
      event({
        type: "message_delta",
        delta: { stop_reason: STOP_REASONS[answer.finishReason], stop_sequence: null },
        usage: {
          output_tokens: usage.output,
          ...(usage.reasoning !== undefined && { output_tokens_details: { thinking_tokens: usage.reasoning } }),
        },
      }),
    ),
    frame(event({ type: "message_stop" })),
  ];
}

function blockFrames(block: ReplyBlock, index: number, newId: () => string): Frame[] {
  const start = (contentBlock: object) =>
    frame(event({ type: "content_block_start", index, content_block: contentBlock }));
  const delta = (body: object) => chunk(event({ type: "content_block_delta", index, delta: body }));
  const stop = frame(event({ type: "content_block_stop", index }));
  switch (block.type) {
    case "text":
      return [
        start({ type: "text", text: "" }),
        ...toChunks(block.chunks).map((text) => delta({ type: "text_delta", text })),
        stop,
      ];
    case "reasoning":
      return [
        start({ type: "thinking", thinking: "", signature: "" }),
        ...toChunks(block.chunks).map((thinking) => delta({ type: "thinking_delta", thinking })),
        delta({ type: "signature_delta", signature: block.signature ?? signThinking(toChunks(block.chunks).join("")) }),
        stop,
      ];
    case "redacted_reasoning":
      return [start({ type: "redacted_thinking", data: block.data }), stop];
    case "tool_call":
      return [
        start({ type: "tool_use", id: block.id ?? `toolu_${newId()}`, name: block.name, input: {} }),
        delta({ type: "input_json_delta", partial_json: "" }),
        ...toChunks(block.json ?? JSON.stringify(block.args ?? {})).map((partial_json) =>
          delta({ type: "input_json_delta", partial_json }),
        ),
        stop,
      ];
  }
}

/** What stands for Anthropic's signature: the rules check that thinking comes back unchanged. */
export const signThinking = (thinking: string): string =>
  `sig-${Buffer.from(thinking).toString("base64").slice(-24)}-${thinking.length}`;

const event = (body: Record<string, unknown> & { type: string }): string =>
  `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;

/** An error inside a stream that has begun. */
export const anthropicStreamError = (errorType: string, message: string): string =>
  event({ type: "error", error: { details: null, type: errorType, message } });

/** The body of an answer that is an error. */
export const anthropicErrorBody = ({ errorType, message }: Pick<ErrorReply, "errorType" | "message">): string =>
  JSON.stringify({ type: "error", error: { type: errorType, message }, request_id: "req_011CSHoEeqs5C35K2UUqR7Fy" });

/** `GET /v1/models`. */
export const anthropicModels = (models: readonly string[]): string =>
  JSON.stringify({
    data: models.map((id) => ({ type: "model", id, display_name: id, created_at: "2025-01-01T00:00:00Z" })),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  });
