/** One chat in a real database, changed through the verbs of `lib/chats` as route handlers and daemon call them. */

import { isDeepStrictEqual } from "node:util";
import type { Sql } from "postgres";
import { type KnownPrompt, readPrompt } from "@/db/queries/chat-history";
import { insertCheckpoints } from "@/db/queries/part-checkpoints";
import { acquireChats } from "@/lib/chats/acquire";
import { archiveChat, unarchiveChat } from "@/lib/chats/archive";
import { editMessage } from "@/lib/chats/edit-message";
import { interruptChat } from "@/lib/chats/interrupt";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import { editQueuedMessage, promoteQueuedMessage, removeQueuedMessage } from "@/lib/chats/queue";
import {
  commitAnswer,
  commitResults,
  failTurn,
  finishInterruption,
  finishTurn,
  pauseForPerson,
  reapRun,
  requeue,
} from "@/lib/chats/runner-commits";
import { submitToolResults } from "@/lib/chats/tool-results";
import { type ChatWriter, transition } from "@/lib/chats/transition";
import { isApiError } from "@/lib/contract/errors";
import type { StoredPart } from "@/lib/contract/messages";
import { newId } from "@/lib/ids";
import type { DatabaseProcess } from "./database-process";
import { type Operation, type Outcome, row, type Subject, type View } from "./operations";

export type DatabaseChat = {
  writer: ChatWriter;
  chatId: string;
  ownerId: string;
  modelConfigId: string;
  process: DatabaseProcess;
};

const ERROR = {
  kind: "generic",
  message: "The model failed.",
  provider: null,
  status_code: null,
  retryable: false,
  detail: null,
} as const;

/** No id of any row. */
const NOWHERE = 999_999_999;

/** A process that holds a prompt looks again after several of them. */
const OPERATIONS_PER_TURN = 4;

export function createDatabaseSubject(chat: DatabaseChat): Subject {
  const { writer, chatId, ownerId, process } = chat;
  const sql = writer.sql as Sql;
  const target = { chatId, ownerId };
  let runnerId = newId();
  let calls = 0;
  let open: string[] = [];
  /** As a process holds it from one turn to the next. */
  let known: KnownPrompt | undefined;
  let views = 0;

  const isOwned = async () => {
    const [run] = await sql`SELECT runner_id FROM chat_runs WHERE chat_id = ${chatId}`;
    return run?.runner_id === runnerId;
  };
  const queueId = async (at: number) => {
    const [item] = await sql<{ id: number }[]>`SELECT id FROM chat_queued_messages WHERE chat_id = ${chatId}
      ORDER BY position, id OFFSET ${at} LIMIT 1`;
    return Number(item?.id ?? NOWHERE);
  };
  const userRowId = async (at: number) => {
    const [message] = await sql<{ id: number }[]>`SELECT id FROM chat_messages
      WHERE chat_id = ${chatId} AND role = 'user' AND NOT deleted ORDER BY id OFFSET ${at} LIMIT 1`;
    return Number(message?.id ?? NOWHERE);
  };
  const answer = (text: string, count: number) => {
    open = Array.from({ length: count }, () => `c${++calls}`);
    const parts: StoredPart[] = [{ type: "text", text }];
    for (const id of open) parts.push({ type: "tool-call", tool_call_id: id, tool_name: "execute", args: {} });
    return { parts, modelConfigId: chat.modelConfigId, runtimeMs: 1, call: null };
  };
  const results = (count = open.length): StoredPart[] =>
    open.slice(0, count).map((id) => ({
      type: "tool-result",
      tool_call_id: id,
      tool_name: "execute",
      result: "ok",
      is_error: false,
    }));

  async function run(operation: Operation): Promise<unknown> {
    const owned = { chatId, fence: { runnerId } };
    switch (operation.op) {
      case "send":
        return process.send({ ...target, content: operation.text, busyBehavior: operation.behavior }, operation.fault);
      case "edit":
        return editMessage(writer, { ...target, messageId: await userRowId(operation.at), content: operation.text });
      case "edit_queued": {
        const parts: StoredPart[] = [{ type: "text", text: operation.text }];
        return editQueuedMessage(writer, { ...target, queueId: await queueId(operation.at), parts });
      }
      case "deliver_queued": {
        const { delivery } = operation;
        return editQueuedMessage(writer, { ...target, queueId: await queueId(operation.at), delivery });
      }
      case "move_queued": {
        const position = operation.place;
        return editQueuedMessage(writer, { ...target, queueId: await queueId(operation.at), position });
      }
      case "remove_queued":
        return removeQueuedMessage(writer, { ...target, queueId: await queueId(operation.at) });
      case "promote":
        return promoteQueuedMessage(writer, { ...target, queueId: await queueId(operation.at) });
      case "interrupt":
        return interruptChat(writer, target);
      case "archive":
        return archiveChat(writer, target);
      case "unarchive":
        return unarchiveChat(writer, target);
      case "compact":
      case "clear":
        return transition(writer, { ...target, event: operation.op });
      case "respond":
        return submitToolResults(writer, {
          ...target,
          results: open.map((id) => ({ tool_call_id: id, output: "ok", is_error: false })),
        });
      case "raise_limit":
        return transition(writer, { ...target, event: "resume" });
      case "acquire": {
        const [run] = await acquireChats(writer, { workerId: process.elsewhere, limit: 1 });
        if (run) runnerId = run.runnerId;
        return;
      }
      case "answer":
        return commitAnswer(writer, { ...owned, answer: answer(operation.text, operation.calls) });
      case "results":
        return commitResults(writer, { ...owned, parts: results() });
      case "finish":
        return finishTurn(writer, {
          ...owned,
          ...(operation.text !== null && { answer: answer(operation.text, 0) }),
        });
      case "ask_person":
        return pauseForPerson(writer, { ...owned, reason: operation.reason, results: [] });
      case "reach_limit": {
        const fence = (await isOwned()) || !(await isPending()) ? owned : { chatId };
        return transition(writer, { ...fence, event: "pause_for_limit", pauseReason: "spend_limit" });
      }
      case "fail":
        return failTurn(writer, { ...owned, error: ERROR, call: null });
      case "requeue":
        return requeue(writer, { ...owned, call: null });
      case "finish_interruption":
        return finishInterruption(writer, {
          ...owned,
          partial: operation.partial === null ? null : answer(operation.partial, 0),
          results: results(operation.finished),
        });
      case "die":
        if (operation.partial !== null) await checkpoint(operation.partial);
        return reapRun(writer, owned);
      case "zombie":
        return finishTurn(writer, { chatId, fence: { runnerId: newId() }, answer: answer("zombie", 0) });
      case "acquire_here":
        return process.acquire();
      case "take_slots":
        return process.take(operation.count, operation.begun);
      case "give_slots":
        return process.give();
      case "look":
        return process.look();
      case "restart": {
        const { how, partial } = operation;
        if (how === "stopped") return process.stop();
        if (partial !== null) await checkpoint(partial);
        return process.kill();
      }
    }
  }

  /** As the worker that dies now left it. */
  async function checkpoint(delta: string): Promise<void> {
    const [run] = await sql<{ historyVersion: number; attempt: number }[]>`
      SELECT history_version AS "historyVersion", generation_attempt AS attempt FROM chat_runs WHERE chat_id = ${chatId}`;
    const frames = JSON.stringify([["assistant", { type: "text", delta }]]);
    await insertCheckpoints(sql, { checkpoints: [{ chatId, ...run!, firstSeq: 1, frames }] });
  }

  async function isPending(): Promise<boolean> {
    const [found] = await sql`SELECT status FROM chats WHERE id = ${chatId}`;
    return found?.status === "pending";
  }

  /** @throws Error when what the model would be told differs from the whole that is stored. */
  async function checkPrompt(): Promise<void> {
    const [run] = await sql<{ resetVersion: number }[]>`
      SELECT reset_version AS "resetVersion" FROM chat_runs WHERE chat_id = ${chatId}`;
    const [whole, read] = await Promise.all([readPrompt(sql, { chatId }), readPrompt(sql, { chatId, known })]);
    const [rows, stored] = [read.rows.length, whole.rows.length];
    if (!isDeepStrictEqual(read, whole)) throw new Error(`The prompt has ${rows} rows, not ${stored}.`);
    known = { rows: read.rows, resetVersion: run!.resetVersion };
  }

  return {
    async apply(operation) {
      const before = { calls, open };
      try {
        await run(operation);
        return "ok";
      } catch (error) {
        ({ calls, open } = before);
        return outcomeOf(error);
      } finally {
        await process.settle();
        runnerId = process.runnerId() ?? runnerId;
      }
    },

    async view(): Promise<View> {
      if (++views % OPERATIONS_PER_TURN === 0) await checkPrompt();
      const [[found], messages, queued] = await Promise.all([
        sql`SELECT status, pause_reason, archived, last_error FROM chats WHERE id = ${chatId}`,
        sql`SELECT role, content, created_by FROM chat_messages
          WHERE chat_id = ${chatId} AND NOT deleted AND NOT compressed ORDER BY id`,
        sql`SELECT content, delivery FROM chat_queued_messages WHERE chat_id = ${chatId} ORDER BY position, id`,
      ]);
      return {
        status: found?.status,
        pauseReason: found?.pause_reason,
        archived: found?.archived,
        failed: found?.last_error !== null,
        rows: messages.map((message) => showRow(message.role, message.content)),
        queue: queued.map((item) => row.queued(item.content[0].text, item.delivery)),
        process: process.view(),
      };
    },

    close: process.close,
  };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof LostLeaseError) return "lost";
  if (error instanceof Error && "code" in error && error.code === "CONNECTION_CLOSED") return "unanswered";
  if (isApiError(error) && ["conflict", "not_found", "rate_limited"].includes(error.code)) return error.code as Outcome;
  throw error;
}

function showRow(role: string, parts: StoredPart[]): string {
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
  if (role === "user") return row.user(text);
  if (role === "assistant") {
    return row.assistant(
      text,
      parts.flatMap((part) => (part.type === "tool-call" ? [part.tool_call_id] : [])),
    );
  }
  return row.tool(
    parts.flatMap((part) => (part.type === "tool-result" ? [{ call: part.tool_call_id, how: howOf(part) }] : [])),
  );
}

function howOf({ result, is_error }: Extract<StoredPart, { type: "tool-result" }>): string {
  if (is_error) return "failed";
  return typeof result === "object" && result !== null && "answered_by_message" in result ? "answered" : String(result);
}
