/** Google's Gemini API as a server speaks it (ai.google.dev "streamGenerateContent", "Troubleshooting", 2026-01). Pure. */
import { type AnswerReply, type ErrorReply, type FinishReason, type ReplyBlock, toChunks } from "./model-reply";
import { chunk, type Frame, frame, type WireContext } from "./wire";

const FINISH_REASONS = {
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
} satisfies Record<FinishReason, string>;

type Part = Record<string, unknown>;

/** The whole event stream of an answer. Calls come whole; the first one of an answer that thought is signed. */
export function googleFrames(answer: AnswerReply, { model, newId }: WireContext): Frame[] {
  const head = { modelVersion: model, responseId: newId() };
  const usage = answer.usage ? { usageMetadata: usageMetadata(answer.usage) } : {};
  const body = (parts: Part[], rest: object = {}) =>
    event({ candidates: [{ content: { role: "model", parts }, index: 0, ...rest }], ...usage, ...head });
  const signature = signatureOf(answer.blocks);
  const firstCall = answer.blocks.find(({ type }) => type === "tool_call");
  const parts = answer.blocks.flatMap((block) =>
    blockParts(block).map((part) => (block === firstCall && signature ? { ...part, ...signature } : part)),
  );
  const last = signature && !firstCall ? [{ text: "", ...signature }] : [{ text: "" }];
  return [
    ...parts.map((part) => chunk(body([part]))),
    frame(body(last, { finishReason: FINISH_REASONS[answer.finishReason] })),
  ];
}

function blockParts(block: ReplyBlock): Part[] {
  switch (block.type) {
    case "text":
      return toChunks(block.chunks).map((text) => ({ text }));
    case "reasoning":
      return toChunks(block.chunks).map((text) => ({ text, thought: true }));
    case "redacted_reasoning":
      return [];
    case "tool_call": {
      const { name, id } = block;
      const args = block.json ? parseOrEmpty(toChunks(block.json).join("")) : (block.args ?? {});
      return [{ functionCall: { ...(id && { id }), name, args } }];
    }
  }
}

/** Gemini sends objects only: what is no JSON it cannot say. */
function parseOrEmpty(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function signatureOf(blocks: readonly ReplyBlock[]): { thoughtSignature: string } | undefined {
  const thought = blocks.find((block) => block.type === "reasoning");
  return thought && { thoughtSignature: signThought(toChunks(thought.chunks).join("")) };
}

/** What stands for Google's signature: the rules check that it comes back unchanged. */
export const signThought = (thought: string): string => `EhsK${Buffer.from(thought).toString("base64")}`;

function usageMetadata(usage: NonNullable<AnswerReply["usage"]>): object {
  const { input, output, reasoning = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const prompt = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: output - reasoning,
    totalTokenCount: prompt + output,
    ...(cacheRead > 0 && { cachedContentTokenCount: cacheRead }),
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
  };
}

const event = (body: object): string => `data: ${JSON.stringify(body)}\r\n\r\n`;

/** HTTP status codes of Google's names. */
const CODES: Record<string, number> = { UNAVAILABLE: 503, RESOURCE_EXHAUSTED: 429, INTERNAL: 500 };

/** An error inside a stream that has begun. */
export const googleStreamError = (errorType: string, message: string): string =>
  event({ error: { code: CODES[errorType] ?? 503, message, status: errorType } });

/** The body of an answer that is an error. */
export const googleErrorBody = ({ status, errorType, message }: ErrorReply): string =>
  JSON.stringify({ error: { code: status, message, status: errorType } }, null, 2);

/** `GET /v1beta/models`. */
export const googleModels = (models: readonly string[]): string =>
  JSON.stringify({
    models: models.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ["generateContent"] })),
  });
