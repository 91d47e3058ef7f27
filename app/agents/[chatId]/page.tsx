import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { ChatView } from "@/components/chat/chat-view";
import { MarkdownCode } from "@/components/chat/parts/markdown-code";
import { findChat } from "@/db/queries/chats";
import { findResetVersion, listMessages } from "@/db/queries/messages";
import { listQueuedMessages } from "@/db/queries/queue";
import { findWorkspace } from "@/db/queries/workspaces";
import { listAvailableModels } from "@/lib/models/resolve-model";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { encodeCursor, startPosition } from "@/lib/streams/cursor";
import { requireViewer } from "../../viewer";

/**
 * Seconds in which who comes back sees the page as it was read, at once: the stream goes on from the position of that
 * snapshot, so that what happened meanwhile follows.
 */
export const unstable_dynamicStaleTime = 120;

/** Rows of the first paint; older ones come when a person scrolls to them. */
const FIRST_MESSAGES = 50;

type Params = { params: Promise<{ chatId: string }> };

/** The viewer's chat of the address. Read once per request. */
const findOwnChat = cache(async (chatId: string) => {
  const { user } = await requireViewer(`/agents/${chatId}`);
  if (!z.uuid().safeParse(chatId).success) return undefined;
  const of = { chatId, ownerId: user.id };
  // Before the rows are read: rows that are taken back after this come as a reset of the stream.
  const [chat, resetVersion] = await Promise.all([findChat(getDatabase(), of), findResetVersion(getDatabase(), of)]);
  return chat && { chat, user, resetVersion };
});

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const found = await findOwnChat((await params).chatId);
  return { title: found?.chat.title ?? "Not found" };
}

export default async function ChatPage({ params }: Params) {
  const found = await findOwnChat((await params).chatId);
  if (!found) notFound();
  const { chat, user, resetVersion } = found;
  const db = getDatabase();
  const of = { chatId: chat.id, ownerId: user.id };
  const [page, queuedMessages, models, workspace, parent] = await Promise.all([
    listMessages(db, { ...of, limit: FIRST_MESSAGES }),
    listQueuedMessages(db, of),
    listAvailableModels({ db, env: getRuntime().env }),
    chat.workspace_id ? findWorkspace(db, { id: chat.workspace_id, ownerId: user.id }) : undefined,
    chat.parent_chat_id ? findChat(db, { chatId: chat.parent_chat_id, ownerId: user.id }) : undefined,
  ]);
  return (
    <>
      <MarkdownCode />
      <ChatView
        snapshot={{ chat, messages: page.messages, queuedMessages, hasMore: page.hasMore }}
        cursor={encodeCursor(chat.id, { ...startPosition(page.messages[0]?.id), resetVersion })}
        parent={parent ? { id: parent.id, title: parent.title } : null}
        repository={chat.repository ?? workspace?.repository ?? null}
        branch={chat.branch ?? workspace?.branch ?? null}
        models={models}
        viewer={{ id: user.id, name: user.name || user.username, isAdmin: user.role === "admin" }}
      />
    </>
  );
}
