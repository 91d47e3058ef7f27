/** The statement that makes a chat: its row, its run and its first message. Called by `lib/chats/create-chat` alone. */
import type { SqlExecutor } from "@/db/client";
import type { ReasoningEffort, StoredPart } from "@/lib/contract/messages";
import type { CallerTool } from "@/lib/contract/tools";
import { CONTENT_VERSION } from "../content";
import { toJsonb } from "../json";

export type NewChat = {
  id: string;
  ownerId: string;
  title: string;
  titleSource: "fallback" | "user";
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
};

/** Inserts a pending root chat with its first message, all in one statement. */
export async function insertChat(tx: SqlExecutor, chat: NewChat): Promise<void> {
  await tx`
    WITH chat AS (
      INSERT INTO chats (id, owner_id, title, title_source, status, last_model_config_id, last_reasoning_effort,
        workspace_id, template_id, repository, branch, labels, system_prompt, plan_mode, caller_tools)
      VALUES (${chat.id}, ${chat.ownerId}, ${chat.title}, ${chat.titleSource}, 'pending', ${chat.modelConfigId},
        ${chat.reasoningEffort}, ${chat.workspaceId}, ${chat.templateId}, ${chat.repository}, ${chat.branch},
        ${toJsonb(chat.labels)}::jsonb, ${chat.systemPrompt}, ${chat.planMode},
        ${chat.callerTools ? toJsonb(chat.callerTools) : null}::jsonb)
    ), run AS (
      INSERT INTO chat_runs (chat_id, snapshot_version, history_version, runnable_since) VALUES (${chat.id}, 1, 1, now())
    )
    INSERT INTO chat_messages (chat_id, history_version, role, content, content_version, created_by, model_config_id,
      reasoning_effort)
    VALUES (${chat.id}, 1, 'user', ${toJsonb(chat.parts)}::jsonb, ${CONTENT_VERSION}, ${chat.ownerId},
      ${chat.modelConfigId}, ${chat.reasoningEffort})`;
}
