/** Lists the subagents of a chat. */
import { listSubagents } from "@/db/queries/subagents";
import { listAgents } from "@/lib/agent/tools/list-agents";
import type { RunContext } from "../run-context";
import { describeSubagent } from "./describe-subagent";
import { type ServerTool, serverTool, success } from "./server-tool";

const DEFAULT_LIMIT = 10;

export const createListAgents = ({ parts, run }: RunContext): ServerTool =>
  serverTool(listAgents, async ({ limit }) => {
    const agents = await listSubagents(parts.db, { parentChatId: run.chatId, limit: limit ?? DEFAULT_LIMIT });
    return success({ agents: agents.map(describeSubagent) });
  });
