/** Builds the ports of one run: store, model and tools. A model that cannot be used is an answer, not a throw. */
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { readTurnStart } from "@/db/queries/turn-start";
import { createModelPort } from "@/lib/agent/models/create-model";
import { createToolPort } from "@/lib/agent/tools/tool";
import type { ContextBounds, ModelPort, ToolPort, ToolResult } from "@/lib/agent/types";
import { announceAcquired } from "@/lib/chats/acquire";
import { checkSpending as checkSpendingOf, type SpendingCheck } from "@/lib/chats/budget";
import type { GivenStart } from "@/lib/chats/claims";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import type { ChatError } from "@/lib/contract/chats";
import { isApiError } from "@/lib/contract/errors";
import type { TemplateConfig } from "@/lib/contract/workspaces";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import { resolveServedModel } from "@/lib/models/resolve-model";
import { restoreFiles } from "@/lib/repositories/restore-files";
import type { PartWriter } from "@/lib/streams/hub";
import type { Asides } from "./asides";
import { type CallRecorder, createCallRecorder } from "./call-recorder";
import { type ChatWorkspace, createChatWorkspace } from "./chat-workspace";
import { createInstructions } from "./instructions";
import { withPromptFiles } from "./prompt-files";
import type { PromptMemory } from "./prompt-memory";
import type { RunContext, TurnParts } from "./run-context";
import { createRunTools } from "./run-tools";
import { createStepSnapshots } from "./step-snapshots";
import type { RefusedSpending } from "./stop-spending";
import { createTurnStore, type TurnStore } from "./turn-store";

export type Turn = {
  store: TurnStore;
  model: ModelPort;
  tools: ToolPort;
  recorder: CallRecorder;
  /** Of the model, with the person's own threshold if they have one. */
  context: ContextBounds;
  /** Stops the calls of the last answer that had no result when the turn was interrupted. Never throws. */
  cancelUnfinishedCalls(results: readonly ToolResult[]): Promise<void>;
};

const ALLOWED: SpendingCheck = { result: "allowed" };

/** A turn, or why there is none. */
export type PreparedTurn = Turn | { unusable: ChatError } | { refused: RefusedSpending };

type Preparation = Pick<RunContext, "run" | "slot"> & {
  signal: AbortSignal;
  start: GivenStart | undefined;
  /** Aborts the run when another worker may have its chat by now. */
  checkLease: () => void;
};

type PreparationParts = TurnParts & { asides: Asides; prompts: PromptMemory };

/**
 * Opens the episode of live parts, then tells viewers that the chat runs, then reads what the turn starts from, unless
 * the transaction that claimed the chat did. The episode is the turn's, if there is one, and closed if not.
 * @throws LostLeaseError when the chat has another runner by then
 */
export async function prepareTurn(parts: PreparationParts, preparation: Preparation): Promise<PreparedTurn> {
  const { chatId, historyVersion, generationAttempt: attempt } = preparation.run;
  const episode = parts.streams.openEpisode({ chatId, historyVersion, attempt });
  announceAcquired(parts.writer, preparation.run);
  let turn: PreparedTurn | undefined;
  try {
    turn = await prepareWith(parts, { ...preparation, episode });
    return turn;
  } finally {
    if (!turn || !("store" in turn)) episode.close();
  }
}

async function prepareWith(
  parts: PreparationParts,
  { run, slot, signal, start, checkLease, episode }: Preparation & { episode: PartWriter },
): Promise<PreparedTurn> {
  const { writer, env, secrets, streams, files, workspaces, clock } = parts;
  const { chatId } = run;
  const checkSpending = () => checkSpendingOf(writer.sql, { ownerId: run.ownerId, chatId });
  const [{ prompt, served, settings }, spending, unfinished] = await failpoint("turn.prepare", () =>
    Promise.all([
      start ?? readTurnStart(writer.sql, { chatId, known: parts.prompts.find(chatId) }),
      start?.isAffordable ? ALLOWED : checkSpending(),
      finishRewinds(parts, { workspaceId: run.workspaceId, signal }),
    ]),
  );
  if (prompt.runnerId !== run.runnerId) throw new LostLeaseError(chatId);
  if (spending.result !== "allowed") return { refused: spending };
  if (unfinished) return { unusable: unfinished };
  const { rows } = prompt;
  parts.asides.forget(chatId);
  parts.asides.name(run, rows);
  const resolved = resolveServedModel(served, { secrets, env });
  if (!resolved.ok) return { unusable: resolved.error };
  const model = resolved.model;

  const recorder = createCallRecorder({ config: model.config, provider: model.provider.type });
  const reached = createChatWorkspace({ chatId, writer, workspaces });
  const snapshots = createStepSnapshots({ sql: writer.sql, chatId, find: reached.find });
  const workspace: ChatWorkspace = {
    ...reached,
    async connect(options) {
      const found = await reached.connect(options);
      await snapshots.before(found.connection);
      return found;
    },
  };
  const { systemPrompt: chatPrompt, planMode, agentType } = run;
  const system = createInstructions({
    chatId,
    workspace,
    hasWorkspace: run.workspaceId !== null,
    signal,
    facts: {
      deploymentPrompt: settings.systemPrompt,
      includeDefault: settings.includeDefaultSystemPrompt,
      chatPrompt,
      ...startOf(run, settings.templateConfig),
      planInstructions: planMode ? settings.planInstructions : null,
      personalPrompt: settings.personalPrompt,
      agentType,
    },
  });
  const tools = createToolPort(createRunTools({ parts, run, workspace, slot }));
  const store = createTurnStore({
    writer,
    streams,
    run,
    episode,
    rows,
    prompts: parts.prompts,
    recorder,
    system,
    clock,
    checkSpending,
    snapshots,
  });
  const port = createModelPort({
    provider: model.provider.type,
    apiKey: model.apiKey,
    baseUrl: model.provider.baseUrl,
    settings: model.provider.settings,
    model: model.config.model,
    options: model.config.options,
    silenceMs: env.SLIPWAY_MODEL_SILENCE_MS,
  });
  // A process that was stopped for a while goes on where it was, and only then do its timers say how long.
  const ofOwner: ModelPort = {
    ...port,
    async stream(request, options) {
      checkLease();
      return port.stream(request, options);
    },
  };
  return {
    store,
    model: withPromptFiles({ model: ofOwner, sql: writer.sql, files, ownerId: run.ownerId }),
    tools: { ...tools, run: (call, options) => failpoint("turn.tool", () => tools.run(call, options)) },
    recorder,
    context: {
      limitTokens: model.config.context_limit,
      thresholdPercent: settings.compactionThresholds[model.config.id] ?? model.config.compression_threshold,
    },
    cancelUnfinishedCalls: (results) =>
      workspace
        .cancel(store.unfinishedCalls(results))
        .catch((error) => log.warn("calls were not cancelled", { chatId, err: error })),
  };
}

/** What the workspace holds, or will once it is made. A repository of the chat's own does not begin at the template's branch. */
const startOf = ({ workspaceId, repository, branch }: AcquiredRun, template: TemplateConfig) => ({
  repository: repository ?? (workspaceId ? null : (template.repository ?? null)),
  branch: branch ?? (workspaceId || repository ? null : (template.branch ?? null)),
  pushRules: template.push ?? {},
});

type Finish = { workspaceId: string | null; signal: AbortSignal };

/** Files that a rewind left to be put back come first. Null when they are; else why nobody can work with them. */
async function finishRewinds(
  { writer, workspaces }: TurnParts,
  { workspaceId, signal }: Finish,
): Promise<ChatError | null> {
  if (!workspaceId) return null;
  try {
    await restoreFiles({ sql: writer.sql, workspaces }, { workspaceId, signal });
    return null;
  } catch (error) {
    if (!isApiError(error)) throw error;
    const message = `The files of the rewind could not be put back: ${error.message} Send a message to try again.`;
    return { kind: "workspace", message, provider: null, status_code: null, retryable: true, detail: null };
  }
}
