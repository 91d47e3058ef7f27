/** The statement that makes a chat: its row, its run and its first message. Called by `lib/chats` alone. */
import type { SqlExecutor } from "@/db/client";
import type { AgentType } from "@/lib/contract/chats";
import type { ReasoningEffort, StoredPart } from "@/lib/contract/messages";
import type { CallerTool } from "@/lib/contract/tools";
import { CONTENT_VERSION } from "../content";
import { toJsonb } from "../json";

export type NewChat = {
  id: string;
  ownerId: string;
  title: string;
  titleSource: "fallback" | "generated" | "user";
  parts: StoredPart[];
  modelConfigId: string;
  reasoningEffort: ReasoningEffort | null;
  workspaceId: string | null;
  templateId: string | null;
  repository: string | null;
  branch: string | null;
  labels: Record<string, string>;
  systemPrompt: string | null;
  planMode: boolean;
  callerTools: CallerTool[] | null;
  /** Of a subagent: no person sent its first message. */
  child?: { parentChatId: string; toolCallId: string; agentType: AgentType; deadlineSeconds: number };
};

/** Inserts a pending chat with its first message, all in one statement. A child's parent is its root. */
export async function insertChat(tx: SqlExecutor, chat: NewChat): Promise<void> {
  const { child } = chat;
  const createdBy = child ? null : chat.ownerId;
  await tx`
    WITH chat AS (
      INSERT INTO chats (id, owner_id, title, title_source, status, last_model_config_id, last_reasoning_effort,
        workspace_id, template_id, repository, branch, labels, system_prompt, plan_mode, parent_chat_id,
        root_chat_id, spawned_by_tool_call_id, agent_type, deadline_seconds, deadline_at, caller_tools)
      VALUES (${chat.id}, ${chat.ownerId}, ${chat.title}, ${chat.titleSource}, 'pending', ${chat.modelConfigId},
        ${chat.reasoningEffort}, ${chat.workspaceId}, ${chat.templateId}, ${chat.repository}, ${chat.branch},
        ${toJsonb(chat.labels)}::jsonb, ${chat.systemPrompt}, ${chat.planMode},
        ${child?.parentChatId ?? null}, ${child?.parentChatId ?? null}, ${child?.toolCallId ?? null},
        ${child?.agentType ?? null}, ${child?.deadlineSeconds ?? null},
        now() + ${child?.deadlineSeconds ?? null}::int * interval '1 second',
        ${chat.callerTools ? toJsonb(chat.callerTools) : null}::jsonb)
    ), run AS (
      INSERT INTO chat_runs (chat_id, snapshot_version, history_version, runnable_since) VALUES (${chat.id}, 1, 1, now())
    )
    INSERT INTO chat_messages (chat_id, history_version, role, content, content_version, created_by, model_config_id,
      reasoning_effort)
    VALUES (${chat.id}, 1, 'user', ${toJsonb(chat.parts)}::jsonb, ${CONTENT_VERSION}, ${createdBy},
      ${chat.modelConfigId}, ${chat.reasoningEffort})`;
}
