/** Amazon Bedrock's ConverseStream as a server speaks it (docs.aws.amazon.com "ConverseStream", 2026-01). Pure. */
import { crc32 } from "node:zlib";
import { signThinking } from "./anthropic-wire";
import { type AnswerReply, type ErrorReply, type FinishReason, type ReplyBlock, toChunks } from "./model-reply";
import { chunk, type Frame, frame, type WireContext } from "./wire";

const STOP_REASONS = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "content_filtered",
} satisfies Record<FinishReason, string>;

/** The whole event stream of an answer, each frame as bytes. */
export function bedrockFrames(answer: AnswerReply, { newId }: Pick<WireContext, "newId">): Frame[] {
  return [
    frame(event("messageStart", { role: "assistant" })),
    ...answer.blocks.flatMap((block, index) => blockFrames(block, index, newId)),
    frame(event("messageStop", { stopReason: STOP_REASONS[answer.finishReason] })),
    ...(answer.usage ? [frame(event("metadata", { usage: usageBody(answer.usage), metrics: { latencyMs: 12 } }))] : []),
  ];
}

function blockFrames(block: ReplyBlock, index: number, newId: () => string): Frame[] {
  const delta = (body: object) => event("contentBlockDelta", { contentBlockIndex: index, delta: body });
  const stop = frame(event("contentBlockStop", { contentBlockIndex: index }));
  switch (block.type) {
    case "text":
      return [...toChunks(block.chunks).map((text) => chunk(delta({ text }))), stop];
    case "reasoning": {
      const chunks = toChunks(block.chunks);
      const signature = block.signature ?? signThinking(chunks.join(""));
      const thoughts = chunks.map((text) => chunk(delta({ reasoningContent: { text } })));
      return [...thoughts, chunk(delta({ reasoningContent: { signature } })), stop];
    }
    case "redacted_reasoning":
      return [frame(delta({ reasoningContent: { redactedContent: block.data } })), stop];
    case "tool_call": {
      const toolUse = { toolUseId: block.id ?? `tooluse_${newId()}`, name: block.name };
      const input = toChunks(block.json ?? JSON.stringify(block.args ?? {}));
      return [
        frame(event("contentBlockStart", { contentBlockIndex: index, start: { toolUse } })),
        ...input.map((json) => chunk(delta({ toolUse: { input: json } }))),
        stop,
      ];
    }
  }
}

function usageBody(usage: NonNullable<AnswerReply["usage"]>): object {
  const { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const cacheWrite = cacheWrite5m + cacheWrite1h;
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + cacheRead + cacheWrite + output,
    cacheReadInputTokens: cacheRead,
    cacheWriteInputTokens: cacheWrite,
  };
}

const event = (type: string, body: object): Buffer =>
  encodeMessage({ ":message-type": "event", ":event-type": type }, JSON.stringify(body));

/** An error inside a stream that has begun. Bedrock knows five; what is none of them is the model's. */
export const bedrockStreamError = (errorType: string, message: string): Buffer =>
  encodeMessage(
    {
      ":message-type": "exception",
      ":exception-type": errorType.endsWith("Exception") ? errorType : "modelStreamErrorException",
    },
    JSON.stringify({ message }),
  );

/** A frame whose payload is not JSON. */
export const bedrockMalformed = (): Buffer =>
  encodeMessage({ ":message-type": "event", ":event-type": "contentBlockDelta" }, '{"contentBl');

/** The body of an answer that is an error; its kind is in a header. */
export const bedrockErrorBody = ({ message }: Pick<ErrorReply, "message">): string => JSON.stringify({ message });

const CRC_BYTES = 4;
const PRELUDE_BYTES = 8;
const STRING_HEADER = 7;

/** AWS's event stream framing (smithy.io "Amazon Event Stream"): lengths, a checksum, headers, payload, a checksum. */
function encodeMessage(headers: Record<string, string>, payload: string): Buffer {
  const all = { ...headers, ":content-type": "application/json" };
  const head = Buffer.concat(Object.entries(all).map(([name, value]) => encodeHeader(name, value)));
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(PRELUDE_BYTES + CRC_BYTES + head.length + body.length + CRC_BYTES, 0);
  prelude.writeUInt32BE(head.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([message, checksum(message)]);
}

function encodeHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([STRING_HEADER]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(CRC_BYTES);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
