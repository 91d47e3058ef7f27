/** Query strings of the chat endpoints. Loaded by browser and server. */
import { z } from "zod";
import { type ChatFilter, parseChatFilter } from "./chat-filter";
import { MAX_SEARCH_HITS } from "./chat-search";
import { chatSchema } from "./chats";
import { messageSchema } from "./messages";

/** A decimal integer in a query string or a path. */
export const integerText = (options: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d{1,16}$/, "Must be a whole number.")
    .transform(Number)
    .pipe(z.number().int().min(options.min).max(options.max));

const filterText = z
  .string()
  .max(1000)
  .refine((text) => !text.includes("\0"), "Must not contain NUL characters.")
  .transform((text, context): ChatFilter => {
    const parsed = parseChatFilter(text);
    if ("filter" in parsed) return parsed.filter;
    context.addIssue({ code: "custom", message: parsed.problem });
    return z.NEVER;
  });

/** Message ids come from one sequence that never reaches 2^53. */
const messageIdText = integerText({ min: 0, max: Number.MAX_SAFE_INTEGER });

export const listChatsQuerySchema = z.strictObject({
  limit: integerText({ min: 1, max: 200 }).default(50),
  offset: integerText({ min: 0, max: 1_000_000 }).default(0),
  after_id: z.uuid().optional(),
  archived: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
  q: filterText.optional(),
});

export const listMessagesQuerySchema = z
  .strictObject({
    limit: integerText({ min: 1, max: 200 }).default(50),
    before_id: messageIdText.optional(),
    after_id: messageIdText.optional(),
  })
  .refine(
    (query) => query.before_id === undefined || query.after_id === undefined || query.after_id < query.before_id,
    { message: "after_id must be lower than before_id.", path: ["after_id"] },
  );

export const listPromptsQuerySchema = z.strictObject({ limit: integerText({ min: 1, max: 2000 }).default(500) });

/** Of `/chats/{chat}/…`. */
export const chatPathSchema = z.object({ chat: z.uuid() });
/** Of `/chats/{chat}/queue/{queued}/…`. */
export const queuedMessagePathSchema = z.object({
  chat: z.uuid(),
  queued: integerText({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});
/** Of `/chats/{chat}/messages/{message}`. */
export const messagePathSchema = z.object({
  chat: z.uuid(),
  message: integerText({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

/** Of `/chats/files/{file}`. */
export const filePathSchema = z.object({ file: z.uuid().toLowerCase() });

export const forkChatSchema = z.strictObject({ message_id: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

export const EXPORT_FORMATS = ["markdown", "json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const exportChatQuerySchema = z.strictObject({ format: z.enum(EXPORT_FORMATS).default("markdown") });

/** The JSON form; messages in order. */
export const exportedChatSchema = z.object({ chat: chatSchema, messages: z.array(messageSchema) });

export const searchChatsQuerySchema = z.strictObject({
  q: filterText,
  limit: integerText({ min: 1, max: MAX_SEARCH_HITS }).default(20),
});
