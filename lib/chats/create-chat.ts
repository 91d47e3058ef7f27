/** A new chat with its first message, wanting to run. What it refers to was checked by the caller. */
import type { TransactionSql } from "postgres";
import { insertChat } from "@/db/queries/chat-creation";
import { type MessageContent, type Part, type ReasoningEffort, toParts } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";
import type { CallerTool } from "@/lib/contract/tools";
import { failpoint } from "@/lib/failpoint";
import { newId } from "@/lib/ids";
import { linkFilesOf } from "./files";
import type { ChatWriter } from "./transition";

export type CreateChat = {
  ownerId: string;
  content: MessageContent;
  modelConfigId: string;
  reasoningEffort?: ReasoningEffort | null;
  title?: string;
  workspaceId?: string;
  templateId?: string;
  repository?: string;
  branch?: string;
  labels?: Record<string, string>;
  systemPrompt?: string;
  planMode?: boolean;
  callerTools?: CallerTool[];
  /** Last chance to take part in the transaction: the idempotency record of a request. */
  beforeCommit?: (tx: TransactionSql, created: { chatId: string }) => Promise<void>;
};

/** Inserts the chat as `pending` and wakes the daemons. */
export async function createChat({ sql, pubsub }: ChatWriter, options: CreateChat): Promise<{ chatId: string }> {
  const chatId = newId();
  const parts = toParts(options.content);
  const insert = async (tx: TransactionSql) => {
    await insertChat(tx, {
      id: chatId,
      ownerId: options.ownerId,
      title: options.title ?? fallbackTitle(partsText(parts) || fileNames(parts)),
      titleSource: options.title ? "user" : "fallback",
      parts,
      modelConfigId: options.modelConfigId,
      reasoningEffort: options.reasoningEffort ?? null,
      workspaceId: options.workspaceId ?? null,
      templateId: options.templateId ?? null,
      repository: options.repository ?? null,
      branch: options.branch ?? null,
      labels: options.labels ?? {},
      systemPrompt: options.systemPrompt ?? null,
      planMode: options.planMode ?? false,
      callerTools: options.callerTools?.length ? options.callerTools : null,
    });
    await linkFilesOf(tx, { chatId, parts });
    await options.beforeCommit?.(tx, { chatId });
  };
  await failpoint("create.commit", () => sql.begin(insert));
  pubsub.publish({
    type: "chat",
    chatId,
    ownerId: options.ownerId,
    rootChatId: null,
    version: 1,
    status: "pending",
    watch: ["created"],
    runnable: true,
  });
  return { chatId };
}

const TITLE_WORDS = 6;
const TITLE_CHARACTERS = 80;

/** What a message of files alone is about. */
function fileNames(parts: readonly Part[]): string {
  const names = parts.map((part) => {
    if (part.type === "file") return part.name;
    return part.type === "file-reference" ? part.file_name : "";
  });
  return names.filter(Boolean).join(", ");
}

/** The first six words, at most 80 characters; `New agent` when there are none. Pure. */
export function fallbackTitle(text: string): string {
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length === 0) return "New agent";
  const short = words.slice(0, TITLE_WORDS).join(" ");
  const characters = [...short];
  const cut = characters.length > TITLE_CHARACTERS;
  const shown = cut ? characters.slice(0, TITLE_CHARACTERS - 1).join("") : short;
  return cut || words.length > TITLE_WORDS ? `${shown}…` : shown;
}
