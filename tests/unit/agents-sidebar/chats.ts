import type { ChatPages } from "@/components/agents-sidebar/chat-pages";
import type { Chat } from "@/lib/contract/chats";
import { chatFixture } from "@/tests/support/chat-fixtures";

/** A chat with the fields a test is about. */
export function makeChat(fields: Partial<Chat> & { id: string }): Chat {
  const at = "2026-11-23T10:00:00Z";
  return chatFixture({
    owner_id: "owner",
    title: `Chat ${fields.id}`,
    status: "waiting",
    created_at: at,
    updated_at: at,
    snapshot_version: 1,
    ...fields,
  });
}

/** Loaded pages of the given rows. */
export function makePages(...pages: Chat[][]): ChatPages {
  return {
    pages: pages.map((chats) => ({ chats, nextAfterId: chats.at(-1)?.id ?? null })),
    pageParams: pages.map(() => null),
  };
}
