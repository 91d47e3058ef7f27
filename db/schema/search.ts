/**
 * What full-text search reads: filled behind the messages, never while one is written. Can be thrown away: the daemon
 * fills it again.
 */
import { bigint, customType, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { chats } from "./chats";

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** One row per message with text, and one for the title with message 0. Its words carry the owner as a lexeme. */
export const chatSearchDocuments = pgTable(
  "chat_search_documents",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    messageId: bigint({ mode: "number" }).notNull(),
    words: tsvector().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.messageId] }),
    index("chat_search_documents_words").using("gin", table.words),
  ],
);

/** How far a chat is filled. */
export const chatSearchMarks = pgTable("chat_search_marks", {
  chatId: uuid()
    .primaryKey()
    .references(() => chats.id, { onDelete: "cascade" }),
  historyVersion: bigint({ mode: "number" }).notNull(),
  /** Every message up to it is in. */
  messageId: bigint({ mode: "number" }).notNull(),
  title: text().notNull(),
});
