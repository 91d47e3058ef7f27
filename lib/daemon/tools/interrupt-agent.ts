/** Stops a subagent. Doing it twice is doing it once. */
import { interruptAgent } from "@/lib/agent/tools/interrupt-agent";
import { interruptChat } from "@/lib/chats/interrupt";
import type { RunContext } from "../run-context";
import { requireSubagent } from "./require-subagent";
import { type ServerTool, serverTool, success } from "./server-tool";

export const createInterruptAgent = (context: RunContext): ServerTool =>
  serverTool(interruptAgent, async ({ chat_id }) => {
    const { parts, run } = context;
    const { chatId } = await requireSubagent(context, chat_id);
    const { decision } = await interruptChat(parts.writer, { chatId, ownerId: run.ownerId });
    const status = decision.to === "waiting" ? "interrupted" : decision.to;
    return success({ chat_id: chatId, status });
  });
