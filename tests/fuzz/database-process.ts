/**
 * A process around one chat in a real database: the product's own intake, claims and look, with runs that do what the
 * sequence says.
 */
import { setImmediate } from "node:timers/promises";
import type { Sql } from "postgres";
import { createClaims } from "@/lib/chats/claims";
import { interruptChat } from "@/lib/chats/interrupt";
import { finishInterruption, requeue } from "@/lib/chats/runner-commits";
import { type SendMessage, sendMessage } from "@/lib/chats/send-message";
import type { ChatWriter } from "@/lib/chats/transition";
import { systemClock } from "@/lib/clock";
import { isApiError } from "@/lib/contract/errors";
import { createIntake, type Intake } from "@/lib/daemon/intake";
import { keepLooking } from "@/lib/daemon/look";
import { newId } from "@/lib/ids";
import type { CommitProxy } from "../support/commit-proxy";
import { setHook } from "../support/failpoints.mjs";
import { registerWorker } from "../support/rows";
import type { ProcessView, SendFault } from "./operations";

/** Where a COMMIT can be lost, and a pool behind it. */
export type Line = { proxy: CommitProxy; sql: Sql };

type Working = { end: () => void; handBack: () => void; signal: AbortSignal };

export type DatabaseProcess = Awaited<ReturnType<typeof createDatabaseProcess>>;

type Options = { writer: ChatWriter; line: Line; chatId: string; ownerId: string; slots: number };

export async function createDatabaseProcess({ writer, line, chatId, ownerId, slots }: Options) {
  const { sql } = writer;
  /** Another one, which lives on. */
  const elsewhere = await registerWorker(sql);
  /** As it was when everything had settled. */
  let run = await findRun();
  let current = await start();

  async function start() {
    const workerId = await registerWorker(sql);
    const claims = createClaims();
    const here: ChatWriter = { ...writer, claims };
    const working = new Map<string, Working>();
    const intake: Intake = createIntake({
      writer: here,
      clock: systemClock,
      max: slots,
      workerId: () => workerId,
      isSure: () => true,
      knownPrompt: () => undefined,
      async execute(run, _, signal) {
        const { promise, resolve: end } = Promise.withResolvers<void>();
        const handBack = () => (run.chatId === chatId ? giveBack(here, run).then(end) : end());
        working.set(run.runnerId, { end, handBack, signal });
        signal.addEventListener("abort", () => void (signal.reason === "shutdown" && handBack()));
        await promise;
        working.delete(run.runnerId);
      },
    });
    const withdraw = claims.offer(intake.claiming.reserve);
    const looks = createLooks({ writer: here, workerId, intake });
    return { workerId, claims, here, working, intake, withdraw, looks, others: createOthers(claims, working) };
  }

  async function findRun(): Promise<{ runnerId: string | null; workerId: string | null; status: string }> {
    const [found] = await sql<{ runnerId: string | null; workerId: string | null; status: string }[]>`
      SELECT r.runner_id AS "runnerId", r.worker_id AS "workerId", c.status
      FROM chat_runs r JOIN chats c ON c.id = r.chat_id WHERE chat_id = ${chatId}`;
    return found!;
  }

  /** Runs whose chat is taken from them end, and all that follows from it has happened. */
  async function settle(): Promise<void> {
    const { intake, working, others } = current;
    for (;;) {
      await intake.acquire.idle();
      // One that begins during the read may be younger than what it tells.
      const begun = new Set(working.keys());
      run = await findRun();
      const over = [...working].filter(([id]) => begun.has(id) && id !== run.runnerId && !others.has(id));
      const isRead = [...working.keys()].every((id) => begun.has(id));
      if (over.length === 0 && isRead && !intake.acquire.isClaiming()) return;
      for (const [, { end }] of over) end();
      await setImmediate();
    }
  }

  async function end(): Promise<void> {
    const { withdraw, intake, working, others, looks, workerId } = current;
    withdraw();
    // Those that a person stops are told nothing more.
    for (const { signal, handBack } of working.values()) if (signal.aborted) handBack();
    const stopped = intake.stop();
    others.release();
    await stopped;
    await looks.stop();
    await sql`DELETE FROM workers WHERE id = ${workerId}`;
  }

  async function stopAndStart(): Promise<void> {
    await end();
    const { intake } = current;
    const left = { held: intake.claiming.size, runs: intake.runs.size, free: intake.free() };
    if (left.held + left.runs > 0 || left.free !== slots) throw new Error(`Slots leaked: ${JSON.stringify(left)}`);
    current = await start();
  }

  const deeds = {
    lost_request: (message: SendMessage) => loseCommit("request", message),
    lost_answer: (message: SendMessage) => loseCommit("answer", message),
    async process_stops(message: SendMessage) {
      let stopped: Promise<void> | undefined;
      const beforeCommit = async () => {
        stopped = stopAndStart();
      };
      try {
        await sendMessage(current.here, { ...message, beforeCommit });
      } finally {
        await stopped;
      }
    },
    async person_stops(message: SendMessage) {
      setHook(async (mark: string, work: () => unknown) => {
        const outcome = await work();
        if (mark.startsWith("transition.commit.send")) await interruptChat(writer, { chatId, ownerId });
        return outcome;
      });
      try {
        await sendMessage(current.here, message);
      } finally {
        setHook(undefined);
      }
    },
  } satisfies Record<SendFault, (message: SendMessage) => Promise<void>>;

  async function loseCommit(what: "request" | "answer", message: SendMessage): Promise<void> {
    line.proxy.lose(what);
    try {
      await sendMessage({ ...current.here, sql: line.sql }, message);
    } finally {
      line.proxy.lose(undefined);
    }
  }

  return {
    elsewhere,
    settle,
    /** The runner here that has the chat. */
    runnerId: () => (run.runnerId !== null && current.working.has(run.runnerId) ? run.runnerId : undefined),
    async send(message: SendMessage, fault: SendFault | undefined): Promise<void> {
      if (fault) await deeds[fault](message);
      else await sendMessage(current.here, message);
    },
    acquire: () => current.intake.acquire(),
    take: (count: number, begun: boolean) => current.others.take(count, begun),
    give: () => current.others.release(),
    async look(): Promise<void> {
      await current.looks.next();
      await settle();
      checkTold();
    },
    stop: stopAndStart,
    /** Nothing of it is left but its rows. */
    async kill(): Promise<void> {
      current.withdraw();
      await current.looks.stop();
      await sql`DELETE FROM workers WHERE id = ${current.workerId}`;
      current = await start();
    },
    view: (): ProcessView => ({
      free: current.intake.free(),
      isWanted: current.intake.acquire.isWanted(),
      owner: ownerOf(),
    }),
    /** @throws Error when a slot is held that should not be. */
    async close(): Promise<void> {
      await stopAndStart();
      await end();
      await sql`DELETE FROM workers WHERE id = ${elsewhere}`;
    },
  };

  function ownerOf(): ProcessView["owner"] {
    if (run.runnerId === null) return null;
    if (run.workerId === elsewhere) return "elsewhere";
    if (run.workerId !== current.workerId) return "dead";
    return current.working.has(run.runnerId) ? "here" : "stray";
  }

  /** A run that has the chat is stopped when a person wants that, and never for another reason. */
  function checkTold(): void {
    const signal = current.working.get(run.runnerId ?? "")?.signal;
    const reason = run.status === "interrupting" ? "interrupt" : undefined;
    if (signal && signal.reason !== reason) throw new Error(`A ${run.status} run was told ${signal.reason}.`);
  }
}

/** As a run does that is stopped because its process ends. */
async function giveBack(writer: ChatWriter, { chatId, runnerId }: { chatId: string; runnerId: string }) {
  const owned = { chatId, fence: { runnerId } };
  await requeue(writer, { ...owned, call: null }).catch((error) => {
    if (!isApiError(error)) throw error;
    return finishInterruption(writer, { ...owned, partial: null, results: [] });
  });
}

/** Other chats of the process: their messages hold slots while they are committed, or their runs do. */
function createOthers(claims: ReturnType<typeof createClaims>, working: Map<string, { end: () => void }>) {
  const giveUp = new Map<string, () => void>();
  return {
    has: (runnerId: string) => giveUp.has(runnerId),
    take(count: number, begun: boolean): void {
      for (let taken = 0; taken < count; taken++) {
        const claim = claims.reserve();
        if (!claim) return;
        const { runnerId } = claim;
        giveUp.set(runnerId, begun ? () => working.get(runnerId)?.end() : claim.release);
        if (begun) claim.start({ runnerId, chatId: newId() } as Parameters<typeof claim.start>[0]);
      }
    },
    release(): void {
      for (const [runnerId, release] of giveUp) {
        giveUp.delete(runnerId);
        release();
      }
    },
  };
}

/** The look of a worker, one at a time. */
function createLooks({ writer, workerId, intake }: { writer: ChatWriter; workerId: string; intake: Intake }) {
  const ending = new AbortController();
  let looking: Promise<void> | undefined;
  let goOn = () => {};
  let parked = Promise.withResolvers<void>();
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      goOn = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      parked.resolve();
    });
  return {
    async next(): Promise<void> {
      parked = Promise.withResolvers();
      if (looking) goOn();
      looking ??= keepLooking({
        writer,
        clock: { now: Date.now, sleep },
        lease: { workerId: () => workerId },
        runs: intake.runs,
        claiming: intake.claiming,
        acquire: intake.acquire,
        // No worker is found dead by its age or by its lock.
        leaseMs: 86_400_000,
        signal: ending.signal,
      });
      await parked.promise;
    },
    async stop(): Promise<void> {
      ending.abort("shutdown");
      await looking;
    },
  };
}
