/**
 * The law of a chat: which event is legal in which state, and what it does. Pure; `transition.ts` carries it out.
 * The table stands in ARCHITECTURE.md in words; `tests/unit/chats/state.test.ts` names every cell.
 */
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";

export const CHAT_EVENTS = [
  "send_queue",
  "send_steer",
  "send_interrupt",
  "edit",
  "change_queue",
  "promote",
  "acquire",
  "attempt",
  "commit_answer",
  "commit_results",
  "commit_compaction",
  "finish_turn",
  "interrupt",
  "finish_interruption",
  "pause_for_person",
  "pause_for_limit",
  "resume",
  "compact",
  "clear",
  "rewind",
  "ask",
  "note",
  "undo_compact",
  "fail",
  "requeue",
  "reap",
  "archive",
  "unarchive",
] as const;
export type ChatEventName = (typeof CHAT_EVENTS)[number];

export type ChatState = {
  status: ChatStatus;
  pauseReason: PauseReason | null;
  queueEmpty: boolean;
  archived: boolean;
  /** A subagent ends `completed` where a root ends `waiting`. */
  isChild: boolean;
};

export type Decision = {
  to: ChatStatus;
  /** Where the message of a send (or the promoted queue item) goes. */
  message: "none" | "insert" | "queue" | "queue_head";
  /** The queue's head becomes a user row in the same transaction. */
  promoteHead: boolean;
  /** Tool calls without a result: left alone, answered with an error, or with `{answered_by_message: true}`. */
  openCalls: "keep" | "fail" | "answered";
};

type Rule = (state: ChatState) => Decision | null;

/** The decision for an event, or null when it is illegal there. Total: every state and event has an answer. */
export function decide(state: ChatState, event: ChatEventName): Decision | null {
  if (isImpossible(state)) return null;
  if (state.archived && event !== "unarchive" && event !== "archive") return null;
  return RULES[event](state);
}

/** A turn never ends with a message left in the queue; only `paused` has a reason. */
function isImpossible({ status, pauseReason, queueEmpty }: ChatState): boolean {
  if ((status === "paused") !== (pauseReason !== null)) return true;
  return (status === "waiting" || status === "completed") && !queueEmpty;
}

const go = (to: ChatStatus, rest: Partial<Decision> = {}): Decision => ({
  to,
  message: "none",
  promoteHead: false,
  openCalls: "keep",
  ...rest,
});

const stay = (state: ChatState, rest: Partial<Decision> = {}): Decision => go(state.status, rest);
const isIdle = ({ status }: ChatState) => status === "waiting" || status === "completed" || status === "error";
/** A failed turn may have left calls without results; no other idle chat has any. */
const leftOpen = ({ status }: ChatState) => (status === "error" ? "fail" : "keep");
const asksPerson = (state: ChatState) => state.pauseReason === "question" || state.pauseReason === "plan";

/** The rule holds in these statuses only. */
const whileIn =
  (statuses: ChatStatus[], rule: Rule): Rule =>
  (state) =>
    statuses.includes(state.status) ? rule(state) : null;

/** The end of an interruption: what was unanswered fails, and the queue's head goes on if there is one. */
const interrupted = (state: ChatState): Decision =>
  state.queueEmpty ? go("waiting", { openCalls: "fail" }) : go("pending", { openCalls: "fail", promoteHead: true });

/** A message that jumps the queue stands at its head before the work stops, so that the saved answer precedes it. */
function jumpQueue(state: ChatState): Decision {
  switch (state.status) {
    case "running":
      return go("interrupting", { message: "queue_head" });
    case "interrupting":
      return stay(state, { message: "queue_head" });
    case "waiting":
    case "completed":
      return go("pending", { message: "insert" });
    default:
      return go("pending", { message: "insert", openCalls: "fail" });
  }
}

function send(state: ChatState): Decision {
  if (asksPerson(state)) return go("pending", { message: "insert", openCalls: "answered" });
  if (!isIdle(state)) return stay(state, { message: "queue" });
  const openCalls = leftOpen(state);
  return state.queueEmpty
    ? go("pending", { message: "insert", openCalls })
    : go("pending", { message: "queue", promoteHead: true, openCalls });
}

function sendInterrupt(state: ChatState): Decision {
  return state.pauseReason === "spend_limit" ? stay(state, { message: "queue_head" }) : jumpQueue(state);
}

function promote(state: ChatState): Decision | null {
  if (state.queueEmpty) return null;
  if (asksPerson(state)) return go("pending", { message: "insert", openCalls: "answered" });
  return state.status === "paused" ? stay(state, { message: "queue_head" }) : jumpQueue(state);
}

function interrupt(state: ChatState): Decision {
  if (state.status === "running") return go("interrupting");
  return state.status === "pending" || state.status === "paused" ? interrupted(state) : stay(state);
}

const finishTurn = (state: ChatState): Decision =>
  state.queueEmpty ? go(state.isChild ? "completed" : "waiting") : go("pending", { promoteHead: true });

const RULES = {
  send_queue: send,
  send_steer: send,
  send_interrupt: sendInterrupt,
  edit: () => go("pending", { message: "insert" }),
  change_queue: (state) => (state.queueEmpty ? null : stay(state)),
  promote,
  acquire: whileIn(["pending"], () => go("running")),
  attempt: whileIn(["running"], stay),
  commit_answer: whileIn(["running"], stay),
  commit_results: whileIn(["running"], stay),
  commit_compaction: whileIn(["running"], stay),
  finish_turn: whileIn(["running"], finishTurn),
  interrupt,
  finish_interruption: whileIn(["interrupting"], interrupted),
  pause_for_person: whileIn(["running"], () => go("paused")),
  pause_for_limit: whileIn(["running", "pending"], () => go("paused")),
  resume: whileIn(["paused"], () => go("pending")),
  compact: whileIn(["waiting", "completed", "error"], (state) => go("pending", { openCalls: leftOpen(state) })),
  clear: (state) =>
    isIdle(state) && state.queueEmpty
      ? go(state.status === "error" ? "waiting" : state.status, { openCalls: leftOpen(state) })
      : null,
  // As after an edit without another message: what stays may end in calls whose results are gone.
  rewind: (state) => {
    if (!state.queueEmpty) return null;
    if (asksPerson(state)) return go("waiting", { openCalls: "fail" });
    if (!isIdle(state)) return null;
    return go(state.status === "error" ? "waiting" : state.status, { openCalls: "fail" });
  },
  // The server asks the person; both are no work that was going on.
  ask: whileIn(["waiting", "completed"], () => go("paused")),
  note: whileIn(["waiting", "completed"], stay),
  undo_compact: (state) => (isIdle(state) ? stay(state) : null),
  fail: whileIn(["pending", "running"], () => go("error")),
  requeue: whileIn(["running"], () => go("pending")),
  reap: whileIn(["running", "interrupting"], (state) =>
    state.status === "running" ? go("pending") : interrupted(state),
  ),
  archive: (state) => (isIdle(state) ? stay(state) : null),
  // Nothing to do for a chat that is not archived, as with a stop of an idle one.
  unarchive: stay,
} satisfies Record<ChatEventName, Rule>;
