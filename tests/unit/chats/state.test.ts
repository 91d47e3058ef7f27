import { describe, expect, test } from "vitest";
import { CHAT_EVENTS, type ChatEventName, type ChatState, decide } from "@/lib/chats/state";
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";

/** The columns of the table. */
const STATES = [
  "waiting",
  "pending",
  "running",
  "interrupting",
  "paused:question",
  "paused:plan",
  "paused:tool_results",
  "paused:spend_limit",
  "completed",
  "error",
] as const;

/**
 * Every cell: the next status, where the message goes (`insert`, `queue`, `queue_head`), whether the queue's head goes
 * in (`head`), what happens to open calls (`fail`, `answered`). `-`: illegal.
 */
const TABLE: Record<ChatEventName, { empty: string[]; queued: string[] }> = {
  send_queue: {
    empty: [
      "pending insert",
      "pending queue",
      "running queue",
      "interrupting queue",
      "pending insert answered",
      "pending insert answered",
      "paused queue",
      "paused queue",
      "pending insert",
      "pending insert fail",
    ],
    queued: [
      "-",
      "pending queue",
      "running queue",
      "interrupting queue",
      "pending insert answered",
      "pending insert answered",
      "paused queue",
      "paused queue",
      "-",
      "pending queue head fail",
    ],
  },
  send_steer: {
    empty: [
      "pending insert",
      "pending queue",
      "running queue",
      "interrupting queue",
      "pending insert answered",
      "pending insert answered",
      "paused queue",
      "paused queue",
      "pending insert",
      "pending insert fail",
    ],
    queued: [
      "-",
      "pending queue",
      "running queue",
      "interrupting queue",
      "pending insert answered",
      "pending insert answered",
      "paused queue",
      "paused queue",
      "-",
      "pending queue head fail",
    ],
  },
  send_interrupt: {
    empty: [
      "pending insert",
      "pending insert fail",
      "interrupting queue_head",
      "interrupting queue_head",
      "pending insert fail",
      "pending insert fail",
      "pending insert fail",
      "paused queue_head",
      "pending insert",
      "pending insert fail",
    ],
    queued: [
      "-",
      "pending insert fail",
      "interrupting queue_head",
      "interrupting queue_head",
      "pending insert fail",
      "pending insert fail",
      "pending insert fail",
      "paused queue_head",
      "-",
      "pending insert fail",
    ],
  },
  edit: {
    empty: [
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
    ],
    queued: [
      "-",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "pending insert",
      "-",
      "pending insert",
    ],
  },
  change_queue: {
    empty: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "pending", "running", "interrupting", "paused", "paused", "paused", "paused", "-", "error"],
  },
  promote: {
    empty: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    queued: [
      "-",
      "pending insert fail",
      "interrupting queue_head",
      "interrupting queue_head",
      "pending insert answered",
      "pending insert answered",
      "paused queue_head",
      "paused queue_head",
      "-",
      "pending insert fail",
    ],
  },
  acquire: {
    empty: ["-", "running", "-", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "running", "-", "-", "-", "-", "-", "-", "-", "-"],
  },
  attempt: {
    empty: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
  },
  commit_answer: {
    empty: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
  },
  commit_results: {
    empty: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
  },
  commit_compaction: {
    empty: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "running", "-", "-", "-", "-", "-", "-", "-"],
  },
  finish_turn: {
    empty: ["-", "-", "waiting", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "pending head", "-", "-", "-", "-", "-", "-", "-"],
  },
  interrupt: {
    empty: [
      "waiting",
      "waiting fail",
      "interrupting",
      "interrupting",
      "waiting fail",
      "waiting fail",
      "waiting fail",
      "waiting fail",
      "completed",
      "error",
    ],
    queued: [
      "-",
      "pending head fail",
      "interrupting",
      "interrupting",
      "pending head fail",
      "pending head fail",
      "pending head fail",
      "pending head fail",
      "-",
      "error",
    ],
  },
  finish_interruption: {
    empty: ["-", "-", "-", "waiting fail", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "-", "pending head fail", "-", "-", "-", "-", "-", "-"],
  },
  pause_for_person: {
    empty: ["-", "-", "paused", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "paused", "-", "-", "-", "-", "-", "-", "-"],
  },
  pause_for_limit: {
    empty: ["-", "paused", "paused", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "paused", "paused", "-", "-", "-", "-", "-", "-", "-"],
  },
  resume: {
    empty: ["-", "-", "-", "-", "pending", "pending", "pending", "pending", "-", "-"],
    queued: ["-", "-", "-", "-", "pending", "pending", "pending", "pending", "-", "-"],
  },
  compact: {
    empty: ["pending", "-", "-", "-", "-", "-", "-", "-", "pending", "pending fail"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "pending fail"],
  },
  clear: {
    empty: ["waiting", "-", "-", "-", "-", "-", "-", "-", "completed", "waiting fail"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
  },
  rewind: {
    empty: [
      ...["waiting fail", "-", "-", "-", "waiting fail", "waiting fail", "-", "-"],
      ...["completed fail", "waiting fail"],
    ],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
  },
  ask: {
    empty: ["paused", "-", "-", "-", "-", "-", "-", "-", "paused", "-"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
  },
  note: {
    empty: ["waiting", "-", "-", "-", "-", "-", "-", "-", "completed", "-"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
  },
  undo_compact: {
    empty: ["waiting", "-", "-", "-", "-", "-", "-", "-", "completed", "error"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "error"],
  },
  fail: {
    empty: ["-", "error", "error", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "error", "error", "-", "-", "-", "-", "-", "-", "-"],
  },
  requeue: {
    empty: ["-", "-", "pending", "-", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "pending", "-", "-", "-", "-", "-", "-", "-"],
  },
  reap: {
    empty: ["-", "-", "pending", "waiting fail", "-", "-", "-", "-", "-", "-"],
    queued: ["-", "-", "pending", "pending head fail", "-", "-", "-", "-", "-", "-"],
  },
  archive: {
    empty: ["waiting", "-", "-", "-", "-", "-", "-", "-", "completed", "error"],
    queued: ["-", "-", "-", "-", "-", "-", "-", "-", "-", "error"],
  },
  unarchive: {
    empty: [
      ...["waiting", "pending", "running", "interrupting", "paused", "paused", "paused", "paused"],
      ...["completed", "error"],
    ],
    queued: ["-", "pending", "running", "interrupting", "paused", "paused", "paused", "paused", "-", "error"],
  },
};

function toState(column: string, rest: Partial<ChatState> = {}): ChatState {
  const [status, pauseReason = null] = column.split(":") as [ChatStatus, PauseReason?];
  return { status, pauseReason, queueEmpty: true, archived: false, isChild: false, ...rest };
}

function describeDecision(state: ChatState, event: ChatEventName): string {
  const decision = decide(state, event);
  if (!decision) return "-";
  const { to, message, promoteHead, openCalls } = decision;
  const words = [
    to,
    message === "none" ? "" : message,
    promoteHead ? "head" : "",
    openCalls === "keep" ? "" : openCalls,
  ];
  return words.filter(Boolean).join(" ");
}

describe.each(CHAT_EVENTS)("%s", (event) => {
  test.each(STATES.map((column, index) => ({ column, index })))("from $column", ({ column, index }) => {
    expect(describeDecision(toState(column), event)).toBe(TABLE[event].empty[index]);
    expect(describeDecision(toState(column, { queueEmpty: false }), event)).toBe(TABLE[event].queued[index]);
  });

  test("leaves an archived chat alone, but for archive and unarchive", () => {
    for (const column of STATES) {
      const legal = event === "archive" || event === "unarchive";
      const expected = legal ? TABLE[event].empty[STATES.indexOf(column)] : "-";
      expect(describeDecision(toState(column, { archived: true }), event)).toBe(expected);
    }
  });

  test("means the same for a subagent, which ends completed", () => {
    for (const column of STATES) {
      const expected = describeDecision(toState(column), event);
      const ofChild = describeDecision(toState(column, { isChild: true }), event);
      expect(ofChild).toBe(event === "finish_turn" && expected === "waiting" ? "completed" : expected);
    }
  });
});

test("a pause without a reason, or a reason without a pause, allows nothing", () => {
  for (const event of CHAT_EVENTS) {
    expect(decide(toState("paused"), event)).toBeNull();
    expect(decide(toState("running", { pauseReason: "plan" }), event)).toBeNull();
  }
});

test("no event leaves an idle chat with a message in its queue", () => {
  for (const event of CHAT_EVENTS) {
    for (const column of STATES) {
      const decision = decide(toState(column, { queueEmpty: false }), event);
      if (decision?.to !== "waiting" && decision?.to !== "completed") continue;
      throw new Error(`${event} from ${column} ends ${decision.to} with a queue`);
    }
  }
});

test("a person's message never goes in while calls may lack a result", () => {
  for (const event of CHAT_EVENTS) {
    for (const column of STATES) {
      for (const queueEmpty of [true, false]) {
        const decision = decide(toState(column, { queueEmpty }), event);
        const inserts = decision && (decision.message === "insert" || decision.promoteHead);
        const mayHaveOpenCalls = !["waiting", "completed"].includes(column);
        const closesThem = event === "edit" || event === "finish_turn" || decision?.openCalls !== "keep";
        if (inserts && mayHaveOpenCalls) expect(closesThem, `${event} from ${column}`).toBe(true);
      }
    }
  }
});
