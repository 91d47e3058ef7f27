/**
 * The agent loop's store for one run of one chat: each method is one fenced transition, and each episode of live parts
 * begins where its transition committed. Decides nothing about the turn.
 */
import { findFirstMessageParts, type HistoryRow, newestRowId, readPrompt } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { Run } from "@/db/queries/chat-transition";
import { isFirstStepAfterSummary } from "@/lib/agent/context-use";
import type {
  Answer,
  CallPurpose,
  FailedAttempt,
  NewSummary,
  PartialAnswer,
  Store,
  ToolCall,
  ToolResult,
  TurnInput,
} from "@/lib/agent/types";
import type { SpendingCheck } from "@/lib/chats/budget";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import { findOpenCalls } from "@/lib/chats/open-calls";
import {
  beginAttempt,
  commitAnswer,
  commitCompaction,
  commitResults,
  failTurn,
  finishTurn,
  pauseForPerson,
  recordAttempt,
} from "@/lib/chats/runner-commits";
import type { ChatWriter, Fence } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import { SUMMARY_TOOL } from "@/lib/contract/tools";
import { failpoint } from "@/lib/failpoint";
import type { PartWriter, StreamHub } from "@/lib/streams/hub";
import { withBoundArgs } from "./bound-args";
import type { CallRecorder } from "./call-recorder";
import { createBoundary } from "./compaction-boundary";
import type { PromptMemory } from "./prompt-memory";
import type { StepSnapshots } from "./step-snapshots";
import { stopSpending } from "./stop-spending";
import { withUniqueCallIds } from "./unique-call-ids";

export type TurnStoreOptions = {
  writer: ChatWriter;
  streams: StreamHub;
  run: AcquiredRun;
  /** Of the acquisition. */
  episode: PartWriter;
  /** The prompt's rows as of the acquisition. */
  rows: HistoryRow[];
  /** Keeps them for the next turn. */
  prompts: PromptMemory;
  recorder: CallRecorder;
  /** Sections of the system prompt; asked for before every step. */
  system: () => Promise<string[]>;
  clock: Clock;
  /** Asked beside each commit of results: may the next step be paid? */
  checkSpending: () => Promise<SpendingCheck>;
  snapshots: StepSnapshots;
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
  /** As of the last commit: of what is being said or run now. */
  historyVersion(): number;
  close(): void;
};

export function createTurnStore({
  writer,
  streams,
  run,
  recorder,
  system,
  clock,
  checkSpending,
  snapshots,
  prompts,
  ...given
}: TurnStoreOptions): TurnStore {
  const { chatId, lastReasoningEffort: reasoningEffort } = run;
  const fence: Fence = { runnerId: run.runnerId };
  let { rows } = given;
  /** Counters of the turn, as of the last commit. */
  let counters: Pick<Run, "turnSteps" | "turnRuntimeMs" | "compactionCount"> = run;
  let isCompactionRequested = run.request === "compact";
  let workedSince = clock.now();
  let areRowsFresh = true;
  let failedAttempts = run.retryCount;
  let parts = given.episode;
  /** The acquisition and `commitResults` begin an attempt themselves. */
  let attemptBegun = true;

  const newestId = () => newestRowId(rows);
  const newest = () => ({ messageId: newestId(), resultsId: rows.findLast(({ role }) => role === "tool")?.id ?? 0 });

  /** Fenced as a commit is: what is newer than another's work is not said by this run. @throws LostLeaseError */
  async function readNewRows(): Promise<HistoryRow[]> {
    const prompt = await readPrompt(writer.sql, { chatId, known: { rows, resetVersion: run.resetVersion } });
    if (prompt.runnerId !== run.runnerId) throw new LostLeaseError(chatId);
    return prompt.rows;
  }

  /** Milliseconds of work since the last commit. */
  function takeRuntimeMs(): number {
    const runtimeMs = Math.max(0, Math.round(clock.now() - workedSince));
    workedSince = clock.now();
    return runtimeMs;
  }

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

  let historyVersion = run.historyVersion;
  function moveTo(next: Run): void {
    parts.close();
    historyVersion = next.historyVersion;
    parts = streams.openEpisode({ chatId, historyVersion, attempt: next.generationAttempt });
  }

  return {
    parts: () => parts,
    uncommitted: () => uncommitted,
    close() {
      parts.close();
      prompts.keep(chatId, { rows, resetVersion: run.resetVersion });
    },
    historyVersion: () => historyVersion,
    unfinishedCalls: (results) =>
      runningCalls
        .map((call) => call.tool_call_id)
        .filter((id) => !results.some((result) => result.tool_call_id === id)),

    async load(): Promise<TurnInput> {
      if (!areRowsFresh) rows = await failpoint("turn.load", readNewRows);
      areRowsFresh = false;
      runningCalls = findOpenCalls(rows) as ToolCall[];
      snapshots.begin(runningCalls, newest());
      return {
        system: await system(),
        messages: rows,
        unansweredCalls: runningCalls,
        failedAttempts,
        turnSteps: counters.turnSteps,
        turnRuntimeMs: counters.turnRuntimeMs,
        compactionCount: counters.compactionCount,
        isCompactionRequested,
        summaryCallId: `${SUMMARY_TOOL}-${newestId()}`,
        ...(reasoningEffort && { reasoningEffort }),
      };
    },

    async beginAttempt(said) {
      const held = said.length > 0 ? { partial: { parts: said, usage: null } } : {};
      if (!attemptBegun) moveTo(await committing(held, () => beginAttempt(writer, { chatId, fence })));
      attemptBegun = false;
    },

    async recordAttempt({ attempt, purpose, error, usage, said, delayMs, retryingAt }: FailedAttempt) {
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
      const call = recorder.toCall(recordedAs(purpose), usage);
      await committing({ partial: { parts: said, usage } }, () =>
        recordAttempt(writer, { chatId, fence, retry, call }),
      );
    },

    async commitAnswer({ parts: answered, usage, runtimeMs }: Answer) {
      const unique = withUniqueCallIds(withBoundArgs(answered), { rows, suffix: String(newestId()) });
      const answer = recorder.toAnswer({ parts: unique, usage, runtimeMs });
      const held = { partial: { parts: unique, usage } };
      const next = await committing(held, () =>
        commitAnswer(writer, { chatId, fence, answer, runtimeMs: takeRuntimeMs() }),
      );
      counters = next;
      failedAttempts = 0;
      runningCalls = unique.filter((part): part is ToolCall => part.type === "tool-call");
      if (runningCalls.length > 0) moveTo(next);
      // What the step before left is kept before these calls change it.
      await snapshots.settle();
      snapshots.begin(runningCalls, newest());
      return { toolCalls: runningCalls };
    },

    async commitResults(results: ToolResult[]) {
      const commit = () => commitResults(writer, { chatId, fence, parts: results, runtimeMs: takeRuntimeMs() });
      const [next, spending] = await Promise.all([committing({ results }, commit), checkSpending()]);
      counters = next;
      snapshots.take(next.messageId);
      moveTo(next);
      attemptBegun = true;
      if (spending.result === "allowed") return { action: "continue" };
      await committing({}, () => stopSpending(writer, { chatId, fence, spending, stepCount: next.turnSteps }));
      return { action: "stop" };
    },

    pause: ({ reason, results }) =>
      committing({ results }, () => pauseForPerson(writer, { chatId, fence, reason, results })),

    async commitCompaction(made: NewSummary) {
      const { usage } = made.answer;
      const first = await findFirstMessageParts(writer.sql, { chatId });
      const isAgain = isFirstStepAfterSummary(rows);
      const compaction = {
        boundary: createBoundary({ made, rows, first: first ?? [], callId: `${SUMMARY_TOOL}-${newestId()}` }),
        call: recorder.toCall("compaction", usage),
        count: isAgain ? counters.compactionCount + 1 : 1,
        isTurnOver: made.isTurnOver,
      };
      const next = await committing({ partial: { parts: [], usage } }, () =>
        commitCompaction(writer, { chatId, fence, compaction }),
      );
      counters = next;
      failedAttempts = 0;
      isCompactionRequested = false;
      rows = [];
      areRowsFresh = false;
      if (made.isTurnOver) return;
      moveTo(next);
      attemptBegun = true;
    },

    async finishTurn(last) {
      const answer = last && recorder.toAnswer(last);
      const held = last ? { partial: { parts: last.parts, usage: last.usage } } : {};
      await snapshots.settle();
      await committing(held, () => finishTurn(writer, { chatId, fence, ...(answer && { answer }) }));
    },

    async fail({ error, usage, said = [], purpose = "step" }) {
      const call = recorder.toCall(recordedAs(purpose), usage);
      await committing({ partial: { parts: said, usage } }, () => failTurn(writer, { chatId, fence, error, call }));
    },
  };
}

const recordedAs = (purpose: CallPurpose) => (purpose === "step" ? "attempt" : purpose);
