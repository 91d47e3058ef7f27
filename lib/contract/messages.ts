/** Messages and their parts as they go over the wire. Loaded by browser and server. */
import { z } from "zod";
import { BUSY_BEHAVIORS, REASONING_EFFORTS } from "./message-choices";

export type { BusyBehavior, ReasoningEffort } from "./message-choices";

export const MESSAGE_ROLES = ["system", "user", "assistant", "tool"] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

export const MESSAGE_VISIBILITIES = ["user", "model", "both"] as const;
export type MessageVisibility = (typeof MESSAGE_VISIBILITIES)[number];

export const textPartSchema = z.object({ type: z.literal("text"), text: z.string() });

export const reasoningPartSchema = z.object({
  type: z.literal("reasoning"),
  text: z.string(),
  /** How long the model reasoned, when it was measured. */
  duration_ms: z.number().int().optional(),
});

export const toolCallPartSchema = z.object({
  type: z.literal("tool-call"),
  tool_call_id: z.string(),
  tool_name: z.string(),
  /** Parsed arguments; the raw text when the model's JSON could not be parsed. */
  args: z.unknown(),
});

export const toolResultPartSchema = z.object({
  type: z.literal("tool-result"),
  tool_call_id: z.string(),
  tool_name: z.string(),
  result: z.unknown(),
  is_error: z.boolean(),
  /** Wall time of the call, when it was measured. */
  duration_ms: z.number().int().optional(),
});

export const filePartSchema = z.object({
  type: z.literal("file"),
  file_id: z.string(),
  media_type: z.string(),
  name: z.string(),
});

export const fileReferencePartSchema = z.object({
  type: z.literal("file-reference"),
  file_name: z.string().min(1).max(1024),
  start_line: z.number().int().min(1),
  end_line: z.number().int().min(1),
  content: z.string(),
});

export const sourcePartSchema = z.object({ type: z.literal("source"), url: z.string(), title: z.string() });

export const partSchema = z.discriminatedUnion("type", [
  textPartSchema,
  reasoningPartSchema,
  toolCallPartSchema,
  toolResultPartSchema,
  filePartSchema,
  fileReferencePartSchema,
  sourcePartSchema,
]);

export type TextPart = z.infer<typeof textPartSchema>;
export type ReasoningPart = z.infer<typeof reasoningPartSchema>;
export type ToolCallPart = z.infer<typeof toolCallPartSchema>;
export type ToolResultPart = z.infer<typeof toolResultPartSchema>;
export type FilePart = z.infer<typeof filePartSchema>;
export type FileReferencePart = z.infer<typeof fileReferencePartSchema>;
export type SourcePart = z.infer<typeof sourcePartSchema>;
export type Part = z.infer<typeof partSchema>;

/**
 * A part as it is stored: what the provider needs to see again (thinking signatures, its own call ids) stays beside it
 * and is stripped before the part leaves the server.
 */
export type StoredPart = Part & {
  provider_metadata?: Record<string, Record<string, unknown>>;
  provider_tool_call_id?: string;
};

/** A file by its id; what else there is to say about it, the server knows. */
const inputFilePartSchema = z.object({
  type: z.literal("file"),
  file_id: z.string().min(1).max(64),
  media_type: z.string().max(255).optional(),
  name: z.string().max(1024).optional(),
});

/** What a person may send: text, or parts of text, quoted code and files. */
export const inputContentSchema = z.union(
  [
    z.string().trim().min(1, "The message is empty."),
    z
      .array(
        z.discriminatedUnion("type", [
          textPartSchema.extend({ text: z.string().min(1) }),
          fileReferencePartSchema,
          inputFilePartSchema,
        ]),
      )
      .min(1, "The message has no parts.")
      .max(100),
  ],
  "A text or a list of parts is needed.",
);
export type InputContent = z.infer<typeof inputContentSchema>;
/** The same, its files checked and described. */
export type MessageContent = string | Part[];

/** Token counts of one model call. `input` excludes cache reads and writes; `output` includes reasoning. Null: the provider did not say. */
export const usageSchema = z.object({
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  reasoning_tokens: z.number().int().nullable(),
  cache_read_tokens: z.number().int().nullable(),
  cache_creation_tokens: z.number().int().nullable(),
});
export type Usage = z.infer<typeof usageSchema> & {
  /** Of `cache_creation_tokens`, those that the provider keeps for an hour; priced apart, not shown. */
  cache_creation_hour_tokens?: number | null;
};

export const messageSchema = z.object({
  id: z.number().int(),
  chat_id: z.string(),
  role: z.enum(MESSAGE_ROLES),
  content: z.array(partSchema),
  created_by: z.string().nullable(),
  created_at: z.string(),
  model_config_id: z.string().nullable(),
  visibility: z.enum(MESSAGE_VISIBILITIES),
  compressed: z.boolean(),
  usage: usageSchema.nullable(),
  /** Micro-dollars. Null: unpriced. 0: free. */
  total_cost_micros: z.number().int().nullable(),
});
export type Message = z.infer<typeof messageSchema>;

export const QUEUE_DELIVERIES = ["queue", "steer"] as const;
export type QueueDelivery = (typeof QUEUE_DELIVERIES)[number];

export const queuedMessageSchema = z.object({
  id: z.number().int(),
  content: z.array(partSchema),
  delivery: z.enum(QUEUE_DELIVERIES),
  /** The place in the queue, 1 is its head. */
  position: z.number().int(),
  /** Null: an agent sent it to its subagent. */
  created_by: z.string().nullable(),
  created_at: z.string(),
});
export type QueuedMessage = z.infer<typeof queuedMessageSchema>;

export const sendMessageSchema = z.strictObject({
  content: inputContentSchema,
  model_config_id: z.uuid().optional(),
  busy_behavior: z.enum(BUSY_BEHAVIORS).default("queue"),
  reasoning_effort: z.enum(REASONING_EFFORTS).optional(),
  /** Turns plan mode on or off for what follows. */
  plan_mode: z.boolean().optional(),
});
export type SendMessageRequest = z.input<typeof sendMessageSchema>;

/** Another text for a message that a person sent; everything after it is taken back. */
export const editMessageSchema = z.strictObject({
  content: inputContentSchema,
  model_config_id: z.uuid().optional(),
  reasoning_effort: z.enum(REASONING_EFFORTS).optional(),
});
export type EditMessageRequest = z.input<typeof editMessageSchema>;

export const editMessageResponseSchema = z.object({
  message: messageSchema,
  /** The replaced message first, then what came after it. */
  deleted_message_ids: z.array(z.number().int()),
});
export type EditMessageResponse = z.infer<typeof editMessageResponseSchema>;

/** A waiting message: its text, its place in the queue (from 1; 0 is the head too, beyond the end means last), how it is delivered. */
export const patchQueuedMessageSchema = z
  .strictObject({
    content: inputContentSchema.optional(),
    position: z.number().int().min(0).max(1_000_000).optional(),
    delivery: z.enum(QUEUE_DELIVERIES).optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "Nothing to change was given.");
export type PatchQueuedMessageRequest = z.input<typeof patchQueuedMessageSchema>;

export const sendMessageResponseSchema = z.union([
  z.object({ queued: z.literal(false), message: messageSchema }),
  z.object({ queued: z.literal(true), queued_message: queuedMessageSchema }),
]);
export const messagesPageSchema = z.object({
  messages: z.array(messageSchema),
  queued_messages: z.array(queuedMessageSchema),
  has_more: z.boolean(),
});

export type SendMessageResponse = { queued: false; message: Message } | { queued: true; queued_message: QueuedMessage };

export type MessagesPage = { messages: Message[]; queued_messages: QueuedMessage[]; has_more: boolean };

/** A person's text or parts as stored parts. */
export function toParts(content: MessageContent): Part[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
