/** Requests for a new chat or message as they come in: references checked, once per idempotency key, then the verb. */
import type { z } from "zod";
import type { createChatSchema } from "@/lib/contract/chats";
import type {
  EditMessageResponse,
  editMessageSchema,
  patchQueuedMessageSchema,
  QueuedMessage,
  SendMessageResponse,
  sendMessageSchema,
} from "@/lib/contract/messages";
import { toParts } from "@/lib/contract/messages";
import { requireBudget, withinBudget } from "./budget";
import { createChat } from "./create-chat";
import { editMessage } from "./edit-message";
import { resolveFiles } from "./files";
import { type IdempotentRequest, runOnce } from "./idempotency";
import { editQueuedMessage } from "./queue";
import { requireModel, requireReferences } from "./references";
import { sendMessage } from "./send-message";
import type { ChatWriter } from "./transition";

type Accept<Body> = { ownerId: string; body: Body; idempotent: IdempotentRequest };

/** @throws ApiError `unprocessable` for an unusable reference, `conflict` at the spend limit, without a model or on a reused key. */
export async function acceptChat(
  writer: ChatWriter,
  { ownerId, body, idempotent }: Accept<z.output<typeof createChatSchema>>,
): Promise<{ chatId: string }> {
  return runOnce(writer.sql, idempotent, async (record) => {
    await requireBudget(writer.sql, { ownerId });
    const modelConfigId = await requireModel(writer.sql, {
      ownerId,
      modelConfigId: body.model_config_id,
      workspaceId: body.workspace_id,
      templateId: body.template_id,
    });
    return createChat(writer, {
      ownerId,
      content: await resolveFiles(writer.sql, { ownerId, content: body.content }),
      modelConfigId,
      reasoningEffort: body.reasoning_effort,
      title: body.title,
      workspaceId: body.workspace_id,
      templateId: body.template_id,
      repository: body.repository,
      branch: body.branch,
      labels: body.labels,
      systemPrompt: body.system_prompt,
      planMode: body.plan_mode,
      callerTools: body.tools,
      ...(record && { beforeCommit: record }),
    });
  });
}

/** @throws ApiError as `sendMessage`; `unprocessable` for an unusable model, `conflict` at the spend limit or on a reused key. */
export async function acceptMessage(
  writer: ChatWriter,
  { ownerId, chatId, body, idempotent }: Accept<z.output<typeof sendMessageSchema>> & { chatId: string },
): Promise<SendMessageResponse> {
  return runOnce(writer.sql, idempotent, async (record) => {
    if (body.model_config_id) {
      await requireReferences(writer.sql, { ownerId, modelConfigId: body.model_config_id });
    }
    const content = await resolveFiles(writer.sql, { ownerId, content: body.content });
    return withinBudget(writer.sql, (options) =>
      sendMessage(writer, {
        ...options,
        chatId,
        ownerId,
        content,
        modelConfigId: body.model_config_id,
        reasoningEffort: body.reasoning_effort,
        busyBehavior: body.busy_behavior,
        planMode: body.plan_mode,
        ...(record && { beforeCommit: record }),
      }),
    );
  });
}

type AcceptEdit = { ownerId: string; chatId: string; messageId: number; body: z.output<typeof editMessageSchema> };

/** @throws ApiError as `editMessage`; `unprocessable` for an unusable model, `conflict` at the spend limit. */
export async function acceptEdit(writer: ChatWriter, options: AcceptEdit): Promise<EditMessageResponse> {
  const { body, ...target } = options;
  const { ownerId } = target;
  if (body.model_config_id) {
    await requireReferences(writer.sql, { ownerId, modelConfigId: body.model_config_id });
  }
  const content = await resolveFiles(writer.sql, { ownerId, content: body.content });
  const { model_config_id: modelConfigId, reasoning_effort: reasoningEffort } = body;
  return withinBudget(writer.sql, (options) =>
    editMessage(writer, { ...options, ...target, content, modelConfigId, reasoningEffort }),
  );
}

type AcceptQueueEdit = {
  ownerId: string;
  chatId: string;
  queueId: number;
  body: z.output<typeof patchQueuedMessageSchema>;
};

/** @throws ApiError as `editQueuedMessage`; `unprocessable` for an unusable file. */
export async function acceptQueueEdit(writer: ChatWriter, options: AcceptQueueEdit): Promise<QueuedMessage> {
  const { body, ...target } = options;
  const { content, position, delivery } = body;
  const parts = content && toParts(await resolveFiles(writer.sql, { ownerId: target.ownerId, content }));
  return editQueuedMessage(writer, { ...target, position, delivery, ...(parts && { parts }) });
}
