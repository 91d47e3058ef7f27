/** What a pull request says reaches its chat: as one message, as a question after too many, or as a line for people. */
import { deleteFeedbackItem, insertFeedbackItems, setFeedbackRounds } from "@/db/queries/feedback";
import { ApiError } from "@/lib/contract/errors";
import type { Questions } from "@/lib/contract/tools";
import type { Change } from "./change";
import { type ChatWriter, transition } from "./transition";

type Told = { chatId: string; text: string; keys: readonly string[] };

/** Nothing of it is new any more: another worker was first. */
const knownAlready = () => new ApiError("conflict", "The chat was told of this already.");

async function markTold(change: Change, { chatId, keys }: Told): Promise<void> {
  const fresh = await insertFeedbackItems(change.tx, { chatId, keys });
  if (fresh.length < keys.length) throw knownAlready();
}

/** Wakes an idle chat with a message that no person sent. @throws ApiError `conflict` while it is busy, or for what it knows. */
export async function wakeWithFeedback(writer: ChatWriter, told: Told & { round: number }): Promise<void> {
  const { chatId, text, round } = told;
  await transition(writer, {
    chatId,
    event: "send_queue",
    incoming: {
      parts: [{ type: "text", text }],
      createdBy: null,
      modelConfigId: null,
      reasoningEffort: null,
      delivery: "queue",
    },
    write: async (change) => {
      const { status } = change.chat;
      // Never in the middle of a turn, and never over an answer that a person owes.
      if (status !== "waiting" && status !== "completed") throw new ApiError("conflict", `The chat is ${status}.`);
      await markTold(change, told);
      await setFeedbackRounds(change.tx, { chatId, rounds: round });
    },
  });
}

/** The name of the question's call, so that it is told from a model's own. */
const QUESTION_CALL = "feedback-question";

/** Puts the message into an idle chat and asks the person whether the agent should act on it. @throws as `wakeWithFeedback`. */
export async function askAboutFeedback(writer: ChatWriter, told: Told & { questions: Questions }): Promise<void> {
  const { chatId, text, questions } = told;
  await transition(writer, {
    chatId,
    event: "ask",
    pauseReason: "question",
    write: async (change) => {
      await markTold(change, told);
      // The answer is the person's word: counting begins anew.
      await setFeedbackRounds(change.tx, { chatId, rounds: 0 });
      await change.insert({ role: "user", parts: [{ type: "text", text }] });
      const call = { tool_call_id: `${QUESTION_CALL}-${change.version}`, tool_name: "ask_user_question" };
      await change.insert({ role: "assistant", parts: [{ type: "tool-call", ...call, args: questions }] });
    },
  });
}

/** A line for people in an idle chat, once for a key that is due. @throws ApiError `conflict` while it is busy. */
export async function noteForPeople(
  writer: ChatWriter,
  { chatId, text, dueKey }: { chatId: string; text: string; dueKey: string },
): Promise<void> {
  await transition(writer, {
    chatId,
    event: "note",
    write: async (change) => {
      if (!(await deleteFeedbackItem(change.tx, { chatId, key: dueKey }))) throw knownAlready();
      await change.insert({ role: "system", visibility: "user", parts: [{ type: "text", text }] });
    },
  });
}
