/** A person's message: into the chat, or into its queue while it is busy. */
import type { TransactionSql } from "postgres";
import { setPlanMode } from "@/db/queries/chat-answers";
import type { PlacedQueueItem } from "@/db/queries/chat-queue-writes";
import type {
  BusyBehavior,
  MessageContent,
  Part,
  QueuedMessage,
  ReasoningEffort,
  SendMessageResponse,
} from "@/lib/contract/messages";
import { toParts } from "@/lib/contract/messages";
import type { Incoming, Placed } from "./place";
import type { ChatEventName } from "./state";
import { type ChatWriter, type Outcome, transition } from "./transition";

export type SendMessage = {
  chatId: string;
  ownerId: string;
  /** Absent: the owner. Null: an agent, to its subagent. */
  createdBy?: string | null;
  content: MessageContent;
  modelConfigId?: string | null;
  reasoningEffort?: ReasoningEffort | null;
  busyBehavior: BusyBehavior;
  planMode?: boolean;
  /** Refused at a spend limit. Within `withinBudget`. */
  mustAfford?: boolean;
  /** Last chance to take part in the transaction: the idempotency record of a request. */
  beforeCommit?: (tx: TransactionSql, response: SendMessageResponse) => Promise<void>;
};

const EVENTS = {
  queue: "send_queue",
  steer: "send_steer",
  interrupt: "send_interrupt",
} satisfies Record<BusyBehavior, ChatEventName>;

/** @throws ApiError `not_found`, `conflict` (archived, spend limit), `rate_limited` (queue full). */
export async function sendMessage(writer: ChatWriter, options: SendMessage): Promise<SendMessageResponse> {
  const incoming: Incoming = {
    parts: toParts(options.content),
    createdBy: options.createdBy === undefined ? options.ownerId : options.createdBy,
    modelConfigId: options.modelConfigId ?? null,
    reasoningEffort: options.reasoningEffort ?? null,
    delivery: options.busyBehavior === "steer" ? "steer" : "queue",
  };
  const { chatId, planMode, mustAfford = false, beforeCommit } = options;
  const toResponse = (outcome: Outcome<unknown>) => placedResponse(chatId, outcome.placed as Placed);
  const outcome = await transition(writer, {
    chatId,
    ownerId: options.ownerId,
    event: EVENTS[options.busyBehavior],
    incoming,
    mayClaim: true,
    mustAfford,
    write: async ({ tx }) => {
      if (planMode !== undefined) await setPlanMode(tx, { chatId, planMode });
    },
    ...(beforeCommit && {
      beforeCommit: (tx: TransactionSql, written: Outcome<unknown>) => beforeCommit(tx, toResponse(written)),
    }),
  });
  return toResponse(outcome);
}

/** What a send or a promotion answers: the durable row or the queue item it became. Pure. */
export function placedResponse(chatId: string, placed: Placed): SendMessageResponse {
  if ("queued" in placed) return { queued: true, queued_message: toQueuedMessage(placed.queued) };
  const { message } = placed;
  return {
    queued: false,
    message: {
      id: message.id,
      chat_id: chatId,
      role: "user",
      content: message.parts as Part[],
      created_by: message.createdBy,
      created_at: message.createdAt,
      model_config_id: message.modelConfigId,
      visibility: "both",
      compressed: false,
      usage: null,
      total_cost_micros: null,
    },
  };
}

export function toQueuedMessage({
  id,
  parts,
  delivery,
  position,
  createdBy,
  createdAt,
}: PlacedQueueItem): QueuedMessage {
  return { id, content: parts as Part[], delivery, position, created_by: createdBy, created_at: createdAt };
}
