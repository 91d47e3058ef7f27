/** Starts a subagent in the workspace of its parent. The call's id makes a second one impossible. */
import { findChatReferences } from "@/db/queries/chat-references";
import { spawnAgent } from "@/lib/agent/tools/spawn-agent";
import { errorOutcome } from "@/lib/agent/tools/tool";
import { type BornChild, createChild } from "@/lib/chats/create-child";
import type { AgentType } from "@/lib/contract/chats";
import { isUuid } from "@/lib/ids";
import type { RunContext } from "../run-context";
import { type ServerTool, serverTool, success } from "./server-tool";

/** Long enough for a task worth handing over, short enough that somebody looks the same hour. */
const DEFAULT_DEADLINE_MINUTES = 30;

export const createSpawnAgent = ({ parts, run, workspace }: RunContext): ServerTool =>
  serverTool(spawnAgent, async (args, { call, record }) => {
    if (run.planMode && args.type !== "explore") {
      return errorOutcome("While a plan is being made only explore subagents can be started. Nothing was started.");
    }
    const modelConfigId = await findUsableModel({ parts, run }, args.model_config_id);
    if (!modelConfigId) {
      const named = args.model_config_id ?? run.lastModelConfigId;
      return errorOutcome(`The model ${named} cannot be used. Nothing was started. Leave model_config_id out.`);
    }
    // Before the child is there, so that both work in the same one.
    const workspaceId = await workspace.ensure();
    const child = await createChild(parts.writer, {
      parentChatId: run.chatId,
      runnerId: run.runnerId,
      toolCallId: call.tool_call_id,
      agentType: args.type,
      prompt: args.prompt,
      title: args.title,
      modelConfigId,
      reasoningEffort: args.reasoning_effort ?? run.lastReasoningEffort,
      workspaceId,
      templateId: run.templateId,
      repository: run.repository,
      branch: run.branch,
      systemPrompt: run.systemPrompt,
      deadlineSeconds: (args.deadline_minutes ?? DEFAULT_DEADLINE_MINUTES) * 60,
      beforeCommit: (tx, born) => record(tx, started(born, args.type)),
    });
    return started(child, args.type);
  });

const started = ({ chatId, title, status }: BornChild, type: AgentType) =>
  success({ chat_id: chatId, title, status, type });

async function findUsableModel(
  { parts, run }: Pick<RunContext, "parts" | "run">,
  named: string | undefined,
): Promise<string | null> {
  const wanted = named ?? run.lastModelConfigId;
  if (!wanted || !isUuid(wanted)) return null;
  const found = await findChatReferences(parts.writer.sql, { ownerId: run.ownerId, modelConfigId: wanted });
  return found.modelConfigId;
}
