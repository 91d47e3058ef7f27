import type { ChatPages } from "@/components/agents-sidebar/chat-pages";
import type { Chat } from "@/lib/contract/chats";

/** A chat with the fields a test is about. */
export function makeChat(fields: Partial<Chat> & { id: string }): Chat {
  return {
    owner_id: "owner",
    owner_username: "mara",
    title: `Chat ${fields.id}`,
    status: "waiting",
    pause_reason: null,
    archived: false,
    pinned: false,
    pin_order: 0,
    last_error: null,
    last_turn_summary: null,
    parent_chat_id: null,
    root_chat_id: null,
    agent_type: null,
    deadline_seconds: null,
    deadline_at: null,
    stuck: false,
    progress: null,
    workspace_id: null,
    repository: null,
    branch: null,
    last_model_config_id: null,
    labels: {},
    has_unread: false,
    plan_mode: false,
    created_at: "2026-11-23T10:00:00Z",
    updated_at: "2026-11-23T10:00:00Z",
    snapshot_version: 1,
    diff_status: null,
    children: [],
    ...fields,
  };
}

/** Loaded pages of the given rows. */
export function makePages(...pages: Chat[][]): ChatPages {
  return {
    pages: pages.map((chats) => ({ chats, nextAfterId: chats.at(-1)?.id ?? null })),
    pageParams: pages.map(() => null),
  };
}
