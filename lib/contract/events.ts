/** Events of the live streams as they go over the wire. Loaded by browser and server. */
import { z } from "zod";
import { CHAT_STATUSES, PAUSE_REASONS } from "./chat-status";
import { chatErrorSchema, chatSchema, FAILURE_KINDS } from "./chats";
import { MESSAGE_ROLES, messageSchema, queuedMessageSchema, toolCallPartSchema } from "./messages";

/** What a live part carries: deltas of the running step, or a tool's result as it appears. */
export const livePartSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), delta: z.string() }),
  z.object({ type: z.literal("reasoning"), delta: z.string() }),
  z.object({
    type: z.literal("tool-call"),
    tool_call_id: z.string(),
    tool_name: z.string(),
    /** Raw JSON text of the arguments as it arrives. */
    args_delta: z.string().optional(),
    /** The parsed arguments, once complete. */
    args: z.unknown().optional(),
  }),
  z.object({
    type: z.literal("tool-result"),
    tool_call_id: z.string(),
    tool_name: z.string(),
    /** Live output, repeatable. */
    result_delta: z.string().optional(),
    /** Present at the end, with `is_error`. */
    result: z.unknown().optional(),
    is_error: z.boolean().optional(),
    duration_ms: z.number().int().optional(),
  }),
  z.object({ type: z.literal("source"), url: z.string(), title: z.string() }),
]);
export type LivePart = z.infer<typeof livePartSchema>;

export const messageEventSchema = z.object({ type: z.literal("message"), message: messageSchema });
export const messagePartEventSchema = z.object({
  type: z.literal("message_part"),
  role: z.enum(MESSAGE_ROLES),
  part: livePartSchema,
  /** `<history_version>.<attempt>`; attempt 0 carries the results of the tools after an answer. */
  episode: z.string(),
  /** From 1, contiguous within the episode. */
  seq: z.number().int(),
});
export const statusEventSchema = z.object({
  type: z.literal("status"),
  status: z.enum(CHAT_STATUSES),
  pause_reason: z.enum(PAUSE_REASONS).nullable(),
  /** The run's snapshot version; clients ignore lower ones. */
  version: z.number().int(),
  updated_at: z.string(),
});
export const errorEventSchema = chatErrorSchema.extend({ type: z.literal("error") });
export const retryEventSchema = z.object({
  type: z.literal("retry"),
  /** The attempt that failed, from 1. */
  attempt: z.number().int(),
  delay_ms: z.number().int(),
  retrying_at: z.string(),
  kind: z.enum(FAILURE_KINDS),
  message: z.string(),
  provider: z.string().nullable(),
  status_code: z.number().int().nullable(),
});
export const queueUpdateEventSchema = z.object({
  type: z.literal("queue_update"),
  queued_messages: z.array(queuedMessageSchema),
});
export const actionRequiredEventSchema = z.object({
  type: z.literal("action_required"),
  pause_reason: z.enum(PAUSE_REASONS),
  tool_calls: z.array(toolCallPartSchema),
});

export const chatEventSchema = z.discriminatedUnion("type", [
  messageEventSchema,
  messagePartEventSchema,
  statusEventSchema,
  errorEventSchema,
  retryEventSchema,
  queueUpdateEventSchema,
  actionRequiredEventSchema,
  z.object({ type: z.literal("preview_reset") }),
  z.object({ type: z.literal("history_reset") }),
  z.object({ type: z.literal("done") }),
]);
/** One event of `GET /chats/{id}/stream`. */
export type ChatEvent = z.infer<typeof chatEventSchema>;
export type MessagePartEvent = z.infer<typeof messagePartEventSchema>;
export type StatusEvent = z.infer<typeof statusEventSchema>;
export type RetryEvent = z.infer<typeof retryEventSchema>;

export const WATCH_KINDS = [
  "created",
  "deleted",
  "status_change",
  "title_change",
  "summary_change",
  "diff_status_change",
  "action_required",
] as const;
export type WatchKind = (typeof WATCH_KINDS)[number];

export const watchEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chat"), kind: z.enum(WATCH_KINDS), chat: chatSchema }),
  z.object({ type: z.literal("resync") }),
]);
/** One event of `GET /chats/watch`. */
export type WatchEvent = z.infer<typeof watchEventSchema>;

/** One event of the multiplexed `GET /stream`: a chat event with its chat, or a watch event. */
export type MultiplexedEvent = (ChatEvent & { chat_id: string }) | WatchEvent;

/** What `chat_runs.retry_state` holds and the `retry` event shows. */
export type RetryState = Omit<RetryEvent, "type">;
