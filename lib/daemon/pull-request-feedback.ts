/**
 * Closes the loop of a pull request: what the worker has just seen is told to the chat, when it is idle. A busy chat
 * is looked at again when it becomes idle. Asks the host for what reviewers say only where the chat listens.
 */
import { findListeningChat, insertFeedbackItems, type ListeningChat } from "@/db/queries/feedback";
import { markChatStale } from "@/db/queries/git-references";
import { askAboutFeedback, noteForPeople, wakeWithFeedback } from "@/lib/chats/tell-feedback";
import type { ChatWriter } from "@/lib/chats/transition";
import { isApiError } from "@/lib/contract/errors";
import { MAX_FEEDBACK_ROUNDS } from "@/lib/contract/working-tree";
import { failpoint } from "@/lib/failpoint";
import { isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { PullRequest, PullRequestFeedback } from "@/lib/gitproviders/port";
import { endNote, feedbackMessage, feedbackQuestion } from "@/lib/gitsync/feedback-text";
import type { RefreshParts } from "@/lib/gitsync/refresh";
import type { ClaimedReference } from "@/lib/gitsync/store";
import { log } from "@/lib/log";

type OnSeen = NonNullable<RefreshParts["onSeen"]>;
type Seen = Parameters<OnSeen>[1];

export type PullRequestFeedbackLoop = { onSeen: OnSeen; close(): void };

/** Chats that wait for their idle moment; more are found by the worker's own interval. */
const MAX_DEFERRED = 10_000;

export function createPullRequestFeedback(writer: ChatWriter): PullRequestFeedbackLoop {
  const { sql, pubsub } = writer;
  const deferred = new Set<string>();
  const unsubscribe = pubsub.subscribe((hint) => {
    if (hint.type !== "chat" || !deferred.has(hint.chatId)) return;
    if (hint.status !== "waiting" && hint.status !== "completed") return;
    deferred.delete(hint.chatId);
    void markChatStale(sql, { chatId: hint.chatId })
      .then(() => pubsub.publish({ type: "git" }))
      .catch((err: unknown) => log.warn("a chat's pull request was not marked", { err }));
  });
  const defer = (chatId: string) => {
    if (deferred.size < MAX_DEFERRED) deferred.add(chatId);
  };
  return {
    close: unsubscribe,
    async onSeen(reference, seen) {
      const { chatId } = reference;
      try {
        const told = await (seen.pullRequest.state === "open"
          ? tellFeedback(writer, reference, seen)
          : tellEnd(writer, reference, seen.pullRequest));
        if (told === "later") defer(chatId);
      } catch (error) {
        // A limit, or a token that is refused, is the whole group's.
        const isOfGroup = isGitHostError(error) && (error.kind === "rate_limited" || error.kind === "unauthorized");
        if (isOfGroup) throw error;
        // The chat became busy in between, or another worker was first.
        if (isApiError(error) && error.code === "conflict") return defer(chatId);
        log.warn("a chat was not told of its pull request", { chatId, err: error });
      }
    },
  };
}

type Told = "told" | "later" | "nothing";

const isIdle = ({ status }: ListeningChat): boolean => status === "waiting" || status === "completed";

async function tellFeedback(writer: ChatWriter, { chatId }: ClaimedReference, seen: Seen): Promise<Told> {
  const chat = await findListeningChat(writer.sql, { chatId });
  if (!chat?.enabled || chat.status === "error") return "nothing";
  if (!isIdle(chat)) return "later";
  const feedback = await seen.host.getFeedback(seen.access, seen.ref);
  const news = selectNews({ feedback, chat, pullRequest: seen.pullRequest });
  if (news.keys.length === 0) return "nothing";
  const round = chat.rounds + 1;
  const { pullRequest } = seen;
  const told = { chatId, keys: news.keys, text: feedbackMessage({ ...news, pullRequest, round }) };
  await failpoint("feedback.tell", () =>
    round > MAX_FEEDBACK_ROUNDS
      ? askAboutFeedback(writer, { ...told, questions: feedbackQuestion(pullRequest) })
      : wakeWithFeedback(writer, { ...told, round }),
  );
  return "told";
}

type Select = { feedback: PullRequestFeedback; chat: ListeningChat; pullRequest: PullRequest };

/** What people with write access said since the chat listens, and checks that failed once none runs any more. Pure. */
export function selectNews({ feedback, chat, pullRequest }: Select) {
  const told = new Set(chat.told);
  const isNew = (key: string) => !told.has(key);
  const since = chat.since === null ? 0 : Date.parse(chat.since);
  const comments = feedback.comments.filter(
    ({ key, canWrite, createdAt }) => canWrite && isNew(key) && Date.parse(createdAt) >= since,
  );
  const keyOf = (name: string) => `check:${pullRequest.headSha ?? ""}:${name}`;
  const areChecksOver = pullRequest.checks?.state !== "pending";
  const failedChecks = areChecksOver ? feedback.failedChecks.filter(({ name }) => isNew(keyOf(name))) : [];
  const keys = [...comments.map(({ key }) => key), ...failedChecks.map(({ name }) => keyOf(name))];
  return { comments, failedChecks, keys: [...new Set(keys)] };
}

/** That it is over is due from the look that saw it until the chat said so. */
async function tellEnd(writer: ChatWriter, { chatId, known }: ClaimedReference, seen: PullRequest): Promise<Told> {
  const dueKey = `due:${seen.number}:${seen.state}`;
  const chat = await findListeningChat(writer.sql, { chatId });
  if (!chat) return "nothing";
  if (known?.state === "open") await insertFeedbackItems(writer.sql, { chatId, keys: [dueKey] });
  else if (!chat.told.includes(dueKey)) return "nothing";
  if (!isIdle(chat)) return "later";
  await failpoint("feedback.note", () => noteForPeople(writer, { chatId, text: endNote(seen), dueKey }));
  return "told";
}
