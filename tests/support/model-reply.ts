/** What a scripted model says, in no vendor's format, and small functions to say it. Pure. */

/** A string is cut into chunks of about a token; an array is sent as it is, a chunk an element. */
export type Chunks = string | readonly string[];

export type ReplyBlock =
  | { type: "reasoning"; chunks: Chunks; signature?: string }
  /** Anthropic's encrypted thinking; other formats leave it out. */
  | { type: "redacted_reasoning"; data: string }
  | { type: "text"; chunks: Chunks }
  /** `json` replaces the arguments by raw text, valid or not. */
  | { type: "tool_call"; name: string; args?: unknown; id?: string; json?: Chunks };

export type ReplyUsage = {
  /** Not from a cache. */
  input: number;
  /** With reasoning. */
  output: number;
  reasoning?: number;
  cacheRead?: number;
  cacheWrite5m?: number;
  cacheWrite1h?: number;
};

/** How a stream ends before its time, counted in chunks (text, reasoning and argument deltas). */
export type EarlyEnd = { afterChunks: number } & (
  | { type: "cut" }
  /** The body ends as if it were whole. */
  | { type: "close" }
  /** Nothing more comes, the connection stays. */
  | { type: "hang" }
  | { type: "malformed" }
  | { type: "error"; errorType: string; message: string }
);

export type FinishReason = "stop" | "tool_calls" | "length" | "content_filter";

export type AnswerReply = {
  type: "answer";
  blocks: ReplyBlock[];
  usage: ReplyUsage | null;
  finishReason: FinishReason;
  /** Before every chunk; zero sends the whole answer at once. */
  delayMs?: number;
  earlyEnd?: EarlyEnd;
};

export type ErrorReply = {
  type: "error";
  status: number;
  /** The vendor's name of it, `overloaded_error` or `insufficient_quota`. */
  errorType: string;
  message: string;
  headers?: Record<string, string>;
  /** Instead of the vendor's JSON. */
  body?: string;
};

/** Accepts the request and never answers. */
export type HangReply = { type: "hang" };

export type Reply = AnswerReply | ErrorReply | HangReply;

export type ToolCallReply = { name: string; args?: unknown; id?: string; json?: Chunks };

type AnswerOptions = Partial<Omit<AnswerReply, "type" | "blocks">>;

export const DEFAULT_USAGE: ReplyUsage = { input: 100, output: 20 };

const answer = (blocks: ReplyBlock[], options: AnswerOptions = {}): AnswerReply => ({
  type: "answer",
  blocks,
  usage: DEFAULT_USAGE,
  finishReason: blocks.some(({ type }) => type === "tool_call") ? "tool_calls" : "stop",
  ...options,
});

/** Replies in one line each. */
export const reply = {
  answer,
  text: (text: Chunks, options?: AnswerOptions): AnswerReply => answer([{ type: "text", chunks: text }], options),
  /** One or more calls, after a sentence if there is one. */
  toolCalls: (calls: ToolCallReply[], { text, ...options }: AnswerOptions & { text?: Chunks } = {}): AnswerReply =>
    answer(
      [
        ...(text === undefined ? [] : [{ type: "text" as const, chunks: text }]),
        ...calls.map((call) => ({ type: "tool_call" as const, ...call })),
      ],
      options,
    ),
  error: (status: number, errorType: string, message: string, headers?: Record<string, string>): ErrorReply => ({
    type: "error",
    status,
    errorType,
    message,
    ...(headers && { headers }),
  }),
  overloaded: (): ErrorReply => reply.error(529, "overloaded_error", "Overloaded"),
  hang: (): HangReply => ({ type: "hang" }),
};

/** About four characters each, words whole where they are short; the pieces join to the text. */
export function toChunks(chunks: Chunks): readonly string[] {
  return typeof chunks === "string" ? (chunks.match(/\s*\S{1,8}/g) ?? (chunks === "" ? [] : [chunks])) : chunks;
}
