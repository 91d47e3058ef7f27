/**
 * The agent loop's store for one run of one chat: each method is one fenced transition, and each episode of live parts
 * begins where its transition committed. Decides nothing about the turn.
 */
import type { HistoryRow } from "@/db/queries/chat-history";
import { listPromptRows } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { Run } from "@/db/queries/chat-transition";
import type { Answer, FailedAttempt, PartialAnswer, Store, ToolCall, ToolResult, TurnInput } from "@/lib/agent/types";
import { findOpenCalls } from "@/lib/chats/open-calls";
import {
  beginAttempt,
  commitAnswer,
  commitResults,
  failTurn,
  finishTurn,
  pauseForPerson,
  recordAttempt,
} from "@/lib/chats/runner-commits";
import type { ChatWriter, Fence } from "@/lib/chats/transition";
import { failpoint } from "@/lib/failpoint";
import type { PartWriter, StreamHub } from "@/lib/streams/hub";
import type { CallRecorder } from "./call-recorder";
import { withUniqueCallIds } from "./unique-call-ids";

export type TurnStoreOptions = {
  writer: ChatWriter;
  streams: StreamHub;
  run: AcquiredRun;
  /** Of the acquisition. */
  episode: PartWriter;
  /** The prompt's rows as of the acquisition. */
  rows: HistoryRow[];
  recorder: CallRecorder;
  system: string[];
};

/** What a refused commit held: the person's stop keeps it. */
export type Uncommitted = { partial: PartialAnswer | null; results: ToolResult[] };

export type TurnStore = Store & {
  /** Where live parts go now. */
  parts(): PartWriter;
  /** What the commit that was refused held; null when none was. */
  uncommitted(): Uncommitted | null;
  /** Ids of the calls that were running and are not among these results. */
  unfinishedCalls(results: readonly ToolResult[]): string[];
  close(): void;
};

export function createTurnStore({ writer, streams, run, recorder, system, ...given }: TurnStoreOptions): TurnStore {
  const { chatId, lastReasoningEffort: reasoningEffort } = run;
  const fence: Fence = { runnerId: run.runnerId };
  const rows = [...given.rows];
  let areRowsFresh = true;
  let failedAttempts = run.retryCount;
  let parts = given.episode;
  /** The acquisition and `commitResults` begin an attempt themselves. */
  let attemptBegun = true;

  const listNewRows = () => listPromptRows(writer.sql, { chatId, afterId: rows.at(-1)?.id ?? 0 });

  let uncommitted: Uncommitted | null = null;
  /** The calls that run now. */
  let runningCalls: ToolCall[] = [];

  /** Holds what is being committed until it is. */
  async function committing<T>(held: Partial<Uncommitted>, commit: () => Promise<T>): Promise<T> {
    uncommitted = { partial: null, results: [], ...held };
    const committed = await commit();
    uncommitted = null;
    return committed;
  }

  function moveTo({ historyVersion, generationAttempt }: Run): void {
    parts.close();
    parts = streams.openEpisode({ chatId, historyVersion, attempt: generationAttempt });
  }

  return {
    parts: () => parts,
    uncommitted: () => uncommitted,
    close: () => parts.close(),
    unfinishedCalls: (results) =>
      runningCalls
        .map((call) => call.tool_call_id)
        .filter((id) => !results.some((result) => result.tool_call_id === id)),

    async load(): Promise<TurnInput> {
      if (!areRowsFresh) rows.push(...(await failpoint("turn.load", listNewRows)));
      areRowsFresh = false;
      runningCalls = findOpenCalls(rows) as ToolCall[];
      return {
        system,
        messages: rows.map(({ role, parts }) => ({ role, parts })),
        unansweredCalls: runningCalls,
        failedAttempts,
        ...(reasoningEffort && { reasoningEffort }),
      };
    },

    async beginAttempt() {
      if (!attemptBegun) moveTo(await committing({}, () => beginAttempt(writer, { chatId, fence })));
      attemptBegun = false;
    },

    async recordAttempt({ attempt, error, usage, delayMs, retryingAt }: FailedAttempt) {
      failedAttempts = attempt;
      const retry = {
        attempt,
        delay_ms: Math.round(delayMs),
        retrying_at: new Date(retryingAt).toISOString(),
        kind: error.kind,
        message: error.message,
        provider: error.provider,
        status_code: error.status_code,
      };
      const call = recorder.toCall("attempt", usage);
      await committing({ partial: { parts: [], usage } }, () => recordAttempt(writer, { chatId, fence, retry, call }));
    },

    async commitAnswer({ parts: answered, usage, runtimeMs }: Answer) {
      const unique = withUniqueCallIds(answered, { rows, suffix: String(rows.at(-1)?.id ?? 0) });
      const answer = recorder.toAnswer({ parts: unique, usage, runtimeMs });
      const held = { partial: { parts: unique, usage } };
      const next = await committing(held, () => commitAnswer(writer, { chatId, fence, answer }));
      failedAttempts = 0;
      runningCalls = unique.filter((part): part is ToolCall => part.type === "tool-call");
      if (runningCalls.length > 0) moveTo(next);
      return { toolCalls: runningCalls };
    },

    async commitResults(results: ToolResult[]) {
      moveTo(await committing({ results }, () => commitResults(writer, { chatId, fence, parts: results })));
      attemptBegun = true;
      return { action: "continue" };
    },

    pause: ({ reason, results }) =>
      committing({ results }, () => pauseForPerson(writer, { chatId, fence, reason, results })),

    async finishTurn(last) {
      const answer = last && recorder.toAnswer(last);
      const held = last ? { partial: { parts: last.parts, usage: last.usage } } : {};
      await committing(held, () => finishTurn(writer, { chatId, fence, ...(answer && { answer }) }));
    },

    async fail({ error, usage }) {
      const call = recorder.toCall("attempt", usage);
      await committing({ partial: { parts: [], usage } }, () => failTurn(writer, { chatId, fence, error, call }));
    },
  };
}
