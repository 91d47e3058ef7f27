/** What a person, a daemon or a fault can do to one chat, and the view that every subject must give of it afterwards. */
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { BusyBehavior, QueueDelivery } from "@/lib/contract/messages";
import type { Random } from "./random";

export type Operation =
  | { op: "send"; behavior: BusyBehavior; text: string }
  | { op: "edit"; at: number; text: string }
  | { op: "edit_queued"; at: number; text: string }
  | { op: "deliver_queued"; at: number; delivery: QueueDelivery }
  | { op: "move_queued"; at: number; place: number }
  | { op: "remove_queued"; at: number }
  | { op: "promote"; at: number }
  | { op: "interrupt" }
  | { op: "respond" }
  | { op: "compact" }
  | { op: "clear" }
  | { op: "archive" }
  | { op: "unarchive" }
  | { op: "raise_limit" }
  | { op: "acquire" }
  | { op: "answer"; text: string; calls: number }
  | { op: "results" }
  | { op: "finish"; text: string | null }
  | { op: "ask_person"; reason: Exclude<PauseReason, "spend_limit"> }
  | { op: "reach_limit" }
  | { op: "fail" }
  | { op: "requeue" }
  | { op: "finish_interruption"; partial: string | null; finished: number }
  /** The worker dies and is reaped; `partial` is what it had checkpointed. */
  | { op: "die"; partial: string | null }
  /** A runner that lost the chat long ago tries to commit. */
  | { op: "zombie" };

export type OperationName = Operation["op"];

/** `lost`: the fence did not hold. */
export type Outcome = "ok" | "conflict" | "not_found" | "rate_limited" | "lost";

/** What must be equal after every operation. Rows and queue are texts, so that a difference can be read. */
export type View = {
  status: ChatStatus;
  pauseReason: PauseReason | null;
  archived: boolean;
  failed: boolean;
  rows: string[];
  queue: string[];
};

export type Subject = {
  apply(operation: Operation): Outcome | Promise<Outcome>;
  view(): View | Promise<View>;
};

/** How rows read in a view. */
export const row = {
  user: (text: string) => `user ${text}`,
  assistant: (text: string, calls: readonly string[]) => `assistant ${text}${calls.length ? ` (${calls.join()})` : ""}`,
  tool: (results: readonly { call: string; how: string }[]) =>
    `tool ${results.map(({ call, how }) => `${call}=${how}`).join(" ")}`,
  queued: (text: string, delivery: QueueDelivery) => `${delivery} ${text}`,
};

const BEHAVIORS = ["queue", "queue", "steer", "interrupt"] as const;
const REASONS = ["question", "plan", "tool_results"] as const;

/** Any operation, also where it is illegal; what a real runner would never try is left out by `canHappen`. */
export function randomOperation(random: Random, serial: number): Operation {
  const text = `m${serial}`;
  const at = random.below(4);
  const name = random.pick(WEIGHTED);
  switch (name) {
    case "send":
      return { op: name, behavior: random.pick(BEHAVIORS), text };
    case "edit":
    case "edit_queued":
      return { op: name, at, text };
    case "deliver_queued":
      return { op: name, at, delivery: random.pick(["queue", "steer"]) };
    case "move_queued":
      return { op: name, at, place: 1 + random.below(6) };
    case "remove_queued":
    case "promote":
      return { op: name, at };
    case "answer":
      return { op: name, text, calls: 1 + random.below(3) };
    case "finish":
      return { op: name, text: random.chance(0.7) ? text : null };
    case "ask_person":
      return { op: name, reason: random.pick(REASONS) };
    case "finish_interruption":
      return { op: name, partial: random.chance(0.5) ? text : null, finished: random.below(3) };
    case "die":
      return { op: name, partial: random.chance(0.5) ? text : null };
    default:
      return { op: name };
  }
}

const WEIGHTS = {
  send: 10,
  edit: 2,
  edit_queued: 2,
  deliver_queued: 2,
  move_queued: 2,
  remove_queued: 2,
  promote: 3,
  interrupt: 3,
  respond: 5,
  compact: 1,
  clear: 1,
  archive: 1,
  unarchive: 4,
  raise_limit: 4,
  acquire: 14,
  answer: 8,
  results: 8,
  finish: 4,
  ask_person: 4,
  reach_limit: 2,
  fail: 2,
  requeue: 1,
  finish_interruption: 4,
  die: 2,
  zombie: 1,
} satisfies Record<OperationName, number>;

export const OPERATIONS = Object.keys(WEIGHTS) as OperationName[];
const WEIGHTED = OPERATIONS.flatMap((name) => Array<OperationName>(WEIGHTS[name]).fill(name));
