import { CHAT_STATUSES } from "@/lib/contract/chat-status";
import type { Chat, DiffStatus } from "@/lib/contract/chats";

const MINUTE_MS = 60_000;

/** A chat that rests, with what is said otherwise. */
export function sampleChat(fields: Partial<Chat> & { id: string }): Chat {
  return {
    owner_id: "mara",
    owner_username: "mara",
    title: "Retry webhook deliveries with full jitter",
    status: "waiting",
    pause_reason: null,
    archived: false,
    pinned: false,
    pin_order: 0,
    last_error: null,
    last_turn_summary: "Two scans take the same row lock",
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
    created_at: new Date(0).toISOString(),
    updated_at: new Date(0).toISOString(),
    snapshot_version: 1,
    diff_status: null,
    children: [],
    ...fields,
  };
}

const diff = (fields: Partial<DiffStatus>): DiffStatus => ({
  url: "https://git.example.test/harborline/ferry-api/pull/431",
  pull_request_state: "open",
  additions: 214,
  deletions: 38,
  changed_files: 6,
  ...fields,
});

/** Every icon there is, once. */
export const iconSamples: readonly Chat[] = [
  ...CHAT_STATUSES.map((status) => sampleChat({ id: `status-${status}`, status })),
  ...(["open", "merged", "closed"] as const).map((state) =>
    sampleChat({ id: `pr-${state}`, diff_status: diff({ pull_request_state: state }) }),
  ),
  sampleChat({ id: "stuck", status: "running", stuck: true }),
  sampleChat({ id: "pr-draft", diff_status: diff({ pull_request_draft: true }) }),
];

/** A list with every kind of row, sorted as the server sorts. */
export function sampleChats(nowMs: number): Chat[] {
  const ago = (minutes: number) => new Date(nowMs - minutes * MINUTE_MS).toISOString();
  const child = (id: string, fields: Partial<Chat>) =>
    sampleChat({ id, parent_chat_id: "open", root_chat_id: "open", updated_at: ago(2), ...fields });
  return [
    sampleChat({
      id: "open",
      pinned: true,
      pin_order: 1,
      status: "running",
      updated_at: ago(0),
      diff_status: diff({}),
      children: [
        child("child-1", {
          title: "Find every caller of deliverOnce",
          status: "running",
          deadline_seconds: 1_800,
          deadline_at: ago(-27),
        }),
        child("child-3", {
          title: "Write the dead-endpoint test",
          status: "running",
          deadline_seconds: 1_800,
          deadline_at: ago(12),
          stuck: true,
          progress: { doing: "npx vitest run", last_step_at: ago(14) },
        }),
        child("child-2", { title: "Compare retry schedules", status: "completed" }),
      ],
    }),
    sampleChat({
      id: "unread",
      title: "Postgres 17 upgrade for staging, with a title that does not fit",
      pinned: true,
      pin_order: 2,
      updated_at: ago(22),
      has_unread: true,
      diff_status: diff({ additions: 61, deletions: 44 }),
      last_turn_summary: "Opened #412, waits for review",
    }),
    sampleChat({
      id: "asks",
      title: "Move invoices to cursor paging",
      status: "paused",
      pause_reason: "question",
      updated_at: ago(31),
    }),
    sampleChat({
      id: "failed",
      title: "Flaky checkout test on Safari",
      status: "error",
      updated_at: ago(61),
      last_error: {
        kind: "auth",
        message: "Anthropic refused the key (401)",
        provider: "anthropic",
        status_code: 401,
        retryable: false,
        detail: null,
      },
    }),
    sampleChat({ id: "queued", title: "Bump tide-cli to Go 1.25", status: "pending", updated_at: ago(70) }),
    sampleChat({ id: "plain", title: "Explain the lock wait", updated_at: ago(26 * 60), archived: true }),
  ];
}
