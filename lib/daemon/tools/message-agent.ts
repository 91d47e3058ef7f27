/** Sends a subagent a message, once for each call: the outcome is written in the message's transaction. */
import { messageAgent } from "@/lib/agent/tools/message-agent";
import { sendMessage } from "@/lib/chats/send-message";
import type { SendMessageResponse } from "@/lib/contract/messages";
import type { RunContext } from "../run-context";
import { requireSubagent } from "./require-subagent";
import { type ServerTool, serverTool, success } from "./server-tool";

export const createMessageAgent = (context: RunContext): ServerTool =>
  serverTool(messageAgent, async ({ chat_id, message, interrupt }, { record }) => {
    const { parts, run } = context;
    const { chatId } = await requireSubagent(context, chat_id);
    const sent = ({ queued }: SendMessageResponse) => success({ chat_id: chatId, queued });
    const response = await sendMessage(parts.writer, {
      chatId,
      ownerId: run.ownerId,
      createdBy: null,
      content: message,
      busyBehavior: interrupt ? "interrupt" : "queue",
      beforeCommit: (tx, written) => record(tx, sent(written)),
    });
    return sent(response);
  });
