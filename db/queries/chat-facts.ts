/** What a runner must know of its chat besides its messages. Reads only. */

import type { SqlExecutor } from "@/db/client";
import type { AgentType } from "@/lib/contract/chats";
import type { ReasoningEffort } from "@/lib/contract/messages";
import type { CallerTool } from "@/lib/contract/tools";
import type { TitleSource } from "./chat-titles";

export type ChatFacts = {
  ownerId: string;
  workspaceId: string | null;
  templateId: string | null;
  repository: string | null;
  branch: string | null;
  systemPrompt: string | null;
  lastModelConfigId: string | null;
  lastReasoningEffort: ReasoningEffort | null;
  parentChatId: string | null;
  /** Null: a root. */
  agentType: AgentType | null;
  planMode: boolean;
  callerTools: CallerTool[] | null;
  title: string;
  titleSource: TitleSource;
};

/** Primary key. Sent when it is called. */
export async function findChatFacts(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<ChatFacts | undefined> {
  const [row] = await sql<ChatFacts[]>`
    SELECT c.owner_id AS "ownerId", c.workspace_id AS "workspaceId", c.template_id AS "templateId",
      coalesce(c.repository, w.repository) AS repository, coalesce(c.branch, w.branch) AS branch,
      c.system_prompt AS "systemPrompt", c.last_model_config_id AS "lastModelConfigId",
      c.last_reasoning_effort AS "lastReasoningEffort", c.parent_chat_id AS "parentChatId",
      c.agent_type AS "agentType", c.plan_mode AS "planMode", c.caller_tools AS "callerTools", c.title,
      c.title_source AS "titleSource"
    FROM chats c LEFT JOIN workspaces w ON w.id = c.workspace_id WHERE c.id = ${chatId}`.execute();
  return row;
}
