/** Waits for a subagent: woken by its hints, repaired by a look every five seconds. Holds no slot meanwhile. */
import { findLastAnswerText, findSubagent, type Subagent } from "@/db/queries/subagents";
import { waitAgent } from "@/lib/agent/tools/wait-agent";
import { notFound } from "@/lib/contract/errors";
import type { PubSub } from "@/lib/pubsub";
import type { RunContext, TurnParts } from "../run-context";
import { describeEnd, isSettled } from "./describe-subagent";
import { requireSubagent } from "./require-subagent";
import { type ServerTool, serverTool } from "./server-tool";

const DEFAULT_TIMEOUT_SECONDS = 300;
/** What lost hints cost. */
const LOOK_MS = 5_000;

export const createWaitAgent = (context: RunContext): ServerTool =>
  serverTool(waitAgent, async ({ chat_id: chatId, timeout_seconds }, { options: { signal } }) => {
    const { parts, slot } = context;
    await requireSubagent(context, chatId);
    const timeoutMs = (timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
    const subagent = await slot.lendDuring(() => waitForEnd(parts, { chatId, timeoutMs, signal }), signal);
    return describeEnd(subagent, await findLastAnswerText(parts.writer.sql, { chatId }));
  });

type Wait = { chatId: string; timeoutMs: number; signal: AbortSignal };

/** The subagent when it has ended, is stuck, or the time is over. Rejects with the signal's reason. */
async function waitForEnd({ db, writer, clock }: TurnParts, { chatId, timeoutMs, signal }: Wait): Promise<Subagent> {
  const endsAt = clock.now() + timeoutMs;
  const bell = listen(writer.pubsub, chatId);
  try {
    for (;;) {
      // Before the look, so that nothing that happens after it is missed.
      const rung = bell.next();
      const subagent = await findSubagent(db, { chatId });
      if (!subagent) throw notFound();
      const leftMs = endsAt - clock.now();
      if (isSettled(subagent.status) || subagent.stuck || leftMs <= 0) return subagent;
      const awake = new AbortController();
      const asleep = clock.sleep(Math.min(leftMs, LOOK_MS), AbortSignal.any([signal, awake.signal]));
      await Promise.race([rung, asleep]);
      awake.abort();
      asleep.catch(() => {});
    }
  } finally {
    bell.close();
  }
}

/** Rings when the chat has ended, or when hints may have been lost: not at its steps. */
function listen(pubsub: PubSub, chatId: string) {
  let ring = () => {};
  const close = pubsub.subscribe((hint) => {
    if (hint.type === "resync") ring();
    if (hint.type === "chat" && hint.chatId === chatId && hint.status && isSettled(hint.status)) ring();
  });
  const next = () =>
    new Promise<void>((resolve) => {
      ring = resolve;
    });
  return { next, close };
}
