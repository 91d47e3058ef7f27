/**
 * The hands of the product: claims pending chats, runs them, keeps the lease, takes chats from dead workers.
 * Woken by hints and repaired by a look once a second; decides nothing about a turn.
 */

import { deleteWorkersOfOtherBoots } from "@/db/queries/workers";
import type { Claims } from "@/lib/chats/claims";
import { failpoint } from "@/lib/failpoint";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { log } from "@/lib/log";
import type { CancelHint } from "@/lib/pubsub";
import { createAsides } from "./asides";
import { createChatWorkspace } from "./chat-workspace";
import { keepClosingDays } from "./close-days";
import { keepFillingSearch } from "./fill-search";
import { startGitSync } from "./git-sync";
import { createIntake } from "./intake";
import { createLease } from "./lease";
import { keepLooking } from "./look";
import { prepareTurn } from "./prepare-turn";
import { createPromptMemory } from "./prompt-memory";
import { runChat } from "./run-chat";
import type { TurnParts } from "./run-context";
import { keepSweepingFiles } from "./sweep-files";

export type DaemonOptions = TurnParts & {
  hosts: GitHosts;
  worker: { installId: string; bootId: string; version: string };
  /** The database has this process as its only user: workers of earlier boots are dead for certain. */
  isSolo: boolean;
  /** Where the messages of this process are claimed; absent: none is. */
  claims?: Claims;
};

export type Daemon = {
  /** Stops claiming, hands running chats back, gives up the lease. */
  stop(): Promise<void>;
  /** Why it is not well, or null. */
  problem(): string | null;
};

/** Holds the lease and starts working. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { writer, clock, env, worker } = options;
  const { sql, pubsub } = writer;
  const stopping = new AbortController();
  const lease = createLease({
    sql,
    clock,
    worker,
    isSolo: options.isSolo,
    heartbeatMs: env.SLIPWAY_WORKER_HEARTBEAT_MS,
    leaseMs: env.SLIPWAY_WORKER_LEASE_MS,
    onLost: () => runs.abortAll("lost_lease"),
    onRegained: () => acquire.onRoom(),
  });
  const asides = createAsides(options);
  const prompts = createPromptMemory();
  const intake = createIntake({
    writer,
    clock,
    max: env.SLIPWAY_MAX_RUNNING,
    workerId: lease.workerId,
    isSure: lease.isSure,
    knownPrompt: prompts.find,
    execute: (run, slot, signal, given) => {
      // Held no longer than until the turn has it: a prompt may be large.
      let untaken = given;
      const prepare = () => {
        const start = untaken;
        untaken = undefined;
        return prepareTurn({ ...options, asides, prompts }, { run, slot, signal, start, checkLease });
      };
      const checkLease = () => {
        if (!lease.isSure()) runs.abortRunner(run.runnerId, "lost_lease");
      };
      const onFinished = () => asides.summarise(run);
      return runChat({ writer, clock, run, signal, prepareTurn: prepare, onFinished });
    },
  });
  const { runs, acquire, claiming } = intake;

  if (options.isSolo) await failpoint("daemon.supersede", () => deleteWorkersOfOtherBoots(sql, worker));
  await lease.hold(stopping.signal);
  const cancelCalls = ({ chatId, toolCallIds }: CancelHint) =>
    createChatWorkspace({ ...options, chatId })
      .cancel(toolCallIds)
      .catch((error) => log.warn("calls were not cancelled", { chatId, err: error }));
  const unsubscribe = pubsub.subscribe((hint) => {
    if (hint.type === "resync") acquire();
    if (hint.type === "cancel") cancelCalls(hint);
    if (hint.type !== "chat") return;
    if (hint.runnable) acquire();
    if (hint.status === "interrupting") runs.abort(hint.chatId, "interrupt");
  });
  const withdraw = options.claims?.offer(claiming.reserve);
  const syncing = startGitSync({ ...options, signal: stopping.signal });
  const looking = keepLooking({
    writer,
    clock,
    lease,
    runs,
    claiming,
    acquire,
    leaseMs: env.SLIPWAY_WORKER_LEASE_MS,
    signal: stopping.signal,
  });
  const filling = keepFillingSearch({ writer, clock, signal: stopping.signal });
  const sweeping = keepSweepingFiles({ sql, files: options.files, clock, signal: stopping.signal });
  const closing = keepClosingDays({ sql, clock, signal: stopping.signal });

  return {
    problem: lease.problem,
    async stop() {
      unsubscribe();
      withdraw?.();
      stopping.abort("shutdown");
      const idle = [looking, filling, sweeping, closing, syncing];
      await Promise.all([intake.stop(), asides.stop(), ...idle]);
      await lease.release().catch((error) => log.warn("lease was not released", { err: error }));
    },
  };
}
