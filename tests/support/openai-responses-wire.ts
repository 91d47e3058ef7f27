/** OpenAI's Responses API as a server speaks it (platform.openai.com "Responses: streaming events", 2026-01). Pure. */
import { type AnswerReply, type FinishReason, type ReplyBlock, toChunks } from "./model-reply";
import { type Frame, frame, chunk as streamed, type WireContext } from "./wire";

/** Null: the response is complete. */
const INCOMPLETE_REASONS = {
  stop: null,
  tool_calls: null,
  length: "max_output_tokens",
  content_filter: "content_filter",
} satisfies Record<FinishReason, string | null>;

type Item = Record<string, unknown> & { id: string; type: string };
type Event = Record<string, unknown> & { type: string };

/** The whole event stream of an answer. Reasoning is encrypted as it is for requests that store nothing. */
export function responsesFrames(answer: AnswerReply, { model, newId }: WireContext): Frame[] {
  const response = { id: `resp_${newId()}`, object: "response", created_at: 1_767_225_600, model, error: null };
  const started = { ...response, status: "in_progress", incomplete_details: null, output: [], usage: null };
  const blocks = answer.blocks.map((block, index) => itemEvents(block, index, newId));
  const reason = INCOMPLETE_REASONS[answer.finishReason];
  const ended = {
    ...response,
    status: reason ? "incomplete" : "completed",
    incomplete_details: reason ? { reason } : null,
    output: blocks.map(({ item }) => item),
    usage: usageBody(answer),
    service_tier: "default",
  };
  const events: { event: Event; isChunk: boolean }[] = [
    still({ type: "response.created", response: started }),
    still({ type: "response.in_progress", response: started }),
    ...blocks.flatMap(({ events }) => events),
    still({ type: reason ? "response.incomplete" : "response.completed", response: ended }),
  ];
  return events.map(({ event, isChunk }, sequence) => {
    const text = toEvent({ ...event, sequence_number: sequence });
    return isChunk ? streamed(text) : frame(text);
  });
}

const still = (event: Event) => ({ event, isChunk: false });
const moving = (event: Event) => ({ event, isChunk: true });

function itemEvents(block: ReplyBlock, index: number, newId: () => string) {
  switch (block.type) {
    case "text":
      return messageEvents(toChunks(block.chunks), index, `msg_${newId()}`);
    case "reasoning":
      return reasoningEvents(toChunks(block.chunks), index, { id: `rs_${newId()}` });
    case "redacted_reasoning":
      return reasoningEvents([], index, { id: `rs_${newId()}`, encrypted: block.data });
    case "tool_call":
      return callEvents(block, index, newId);
  }
}

const around = (index: number, opened: Item, closed: Item, events: ReturnType<typeof still>[]) => ({
  item: closed,
  events: [
    still({ type: "response.output_item.added", output_index: index, item: opened }),
    ...events,
    still({ type: "response.output_item.done", output_index: index, item: closed }),
  ],
});

function messageEvents(chunks: readonly string[], index: number, id: string) {
  const place = { item_id: id, output_index: index, content_index: 0 };
  const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
  const item = { id, type: "message", role: "assistant" };
  const text = chunks.join("");
  return around(
    index,
    { ...item, status: "in_progress", content: [] },
    { ...item, status: "completed", content: [part(text)] },
    [
      still({ type: "response.content_part.added", ...place, part: part("") }),
      ...chunks.map((delta) => moving({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
      still({ type: "response.output_text.done", ...place, text, logprobs: [] }),
      still({ type: "response.content_part.done", ...place, part: part(text) }),
    ],
  );
}

function reasoningEvents(chunks: readonly string[], index: number, options: { id: string; encrypted?: string }) {
  const { id } = options;
  const text = chunks.join("");
  const encrypted = options.encrypted ?? encryptReasoning(text);
  const place = { item_id: id, output_index: index, summary_index: 0 };
  const item = { id, type: "reasoning" };
  const part = (summary: string) => ({ type: "summary_text", text: summary });
  return around(
    index,
    { ...item, summary: [], encrypted_content: encryptReasoning("") },
    { ...item, summary: text ? [part(text)] : [], encrypted_content: encrypted },
    chunks.length === 0
      ? []
      : [
          still({ type: "response.reasoning_summary_part.added", ...place, part: part("") }),
          ...chunks.map((delta) => moving({ type: "response.reasoning_summary_text.delta", ...place, delta })),
          still({ type: "response.reasoning_summary_text.done", ...place, text }),
          still({ type: "response.reasoning_summary_part.done", ...place, part: part(text) }),
        ],
  );
}

function callEvents(block: Extract<ReplyBlock, { type: "tool_call" }>, index: number, newId: () => string) {
  const id = `fc_${newId()}`;
  const item = { id, type: "function_call", call_id: block.id ?? `call_${newId()}`, name: block.name };
  const chunks = toChunks(block.json ?? JSON.stringify(block.args ?? {}));
  const place = { item_id: id, output_index: index };
  const whole = chunks.join("");
  return around(
    index,
    { ...item, status: "in_progress", arguments: "" },
    { ...item, status: "completed", arguments: whole },
    [
      ...chunks.map((delta) => moving({ type: "response.function_call_arguments.delta", ...place, delta })),
      still({ type: "response.function_call_arguments.done", ...place, arguments: whole, name: block.name }),
    ],
  );
}

/** What stands for OpenAI's encryption: the rules check that it comes back unchanged. */
export const encryptReasoning = (text: string): string => `gAAAA${Buffer.from(text).toString("base64url")}`;

function usageBody({ usage }: AnswerReply): object | null {
  if (!usage) return null;
  const { input, output, reasoning = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const inputTokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheRead },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: inputTokens + output,
  };
}

const toEvent = (event: Event): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** An error inside a stream that has begun. */
export const responsesStreamError = (errorType: string, message: string): string =>
  toEvent({ type: "error", sequence_number: 99, code: errorType, message, param: null });
