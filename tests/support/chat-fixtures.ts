/** Builders of wire objects for tests of the chat page: valid, minimal, overridable. */
import type { ChatSnapshot } from "@/components/chat/chat-state";
import type { Chat } from "@/lib/contract/chats";
import type { ChatEvent, LivePart } from "@/lib/contract/events";
import type { Message, Part, QueuedMessage } from "@/lib/contract/messages";

const CHAT_ID = "0197f0a0-0000-7000-8000-000000000001";
const AT = "2026-11-23T10:41:00Z";

export function chatFixture(overrides: Partial<Chat> = {}): Chat {
  return {
    id: CHAT_ID,
    owner_id: "0197f0a0-0000-7000-8000-0000000000aa",
    owner_username: "mara",
    title: "Retry webhook deliveries with backoff",
    status: "running",
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
    created_at: AT,
    updated_at: AT,
    snapshot_version: 10,
    diff_status: null,
    children: [],
    ...overrides,
  };
}

export function messageFixture(id: number, role: Message["role"], content: Part[] | string): Message {
  return {
    id,
    chat_id: CHAT_ID,
    role,
    content: typeof content === "string" ? [{ type: "text", text: content }] : content,
    created_by: role === "user" ? "mara" : null,
    created_at: AT,
    model_config_id: null,
    visibility: "both",
    compressed: false,
    usage: null,
    total_cost_micros: null,
  };
}

export const snapshotFixture = (overrides: Partial<ChatSnapshot> = {}): ChatSnapshot => ({
  chat: chatFixture(),
  messages: [messageFixture(1, "user", "Fix the retry.")],
  queuedMessages: [],
  hasMore: false,
  ...overrides,
});

export const queuedFixture = (id: number, text: string): QueuedMessage => ({
  id,
  content: [{ type: "text", text }],
  delivery: "queue",
  position: id,
  created_by: "mara",
  created_at: AT,
});

export const toolCall = (id: string, name: string, args: unknown = {}): Part => ({
  type: "tool-call",
  tool_call_id: id,
  tool_name: name,
  args,
});

export const toolResult = (id: string, name: string, result: unknown, isError = false): Part => ({
  type: "tool-result",
  tool_call_id: id,
  tool_name: name,
  result,
  is_error: isError,
});

export const partEvent = (episode: string, seq: number, part: LivePart): ChatEvent => ({
  type: "message_part",
  role: part.type === "tool-result" ? "tool" : "assistant",
  part,
  episode,
  seq,
});

export const statusEvent = (status: Chat["status"], version: number): ChatEvent => ({
  type: "status",
  status,
  pause_reason: null,
  version,
  updated_at: AT,
});
