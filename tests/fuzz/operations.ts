/** What a person, a daemon or a fault can do to one chat, and the view that every subject must give of it afterwards. */
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { BusyBehavior, QueueDelivery } from "@/lib/contract/messages";
import type { Random } from "./random";

/** What goes wrong with the commit of a message: the connection ends before or after it, the process stops, or a person does. */
export const SEND_FAULTS = ["lost_request", "lost_answer", "process_stops", "person_stops"] as const;
export type SendFault = (typeof SEND_FAULTS)[number];

export type Operation =
  | { op: "send"; behavior: BusyBehavior; text: string; fault?: SendFault }
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
  | { op: "zombie" }
  | ProcessOperation;

/** Of the process that takes the person's messages and has a worker with slots. */
export type ProcessOperation =
  /** Its worker acquires what is pending. */
  | { op: "acquire_here" }
  /** Messages of other chats hold slots, or their runs do. */
  | { op: "take_slots"; count: number; begun: boolean }
  /** All of those come to nothing, or end. */
  | { op: "give_slots" }
  /** Its worker looks around. */
  | { op: "look" }
  /** It is killed or stops, and the next one is there. `partial` is what a run of the killed one had checkpointed. */
  | { op: "restart"; how: "killed" | "stopped"; partial: string | null };

export type OperationName = Operation["op"];

/** `lost`: the fence did not hold; `unanswered`: the connection did. */
export type Outcome = "ok" | "conflict" | "not_found" | "rate_limited" | "lost" | "unanswered";

/** What must be equal after every operation. Rows and queue are texts, so that a difference can be read. */
export type View = {
  status: ChatStatus;
  pauseReason: PauseReason | null;
  archived: boolean;
  failed: boolean;
  rows: string[];
  queue: string[];
  /** Where a process takes part. */
  process?: ProcessView;
};

export type ProcessView = {
  free: number;
  /** Chats wait for a slot. */
  isWanted: boolean;
  /** Whose the chat is: of a run here, of this worker with nobody to run it, of a worker that is gone, or of another. */
  owner: "here" | "stray" | "dead" | "elsewhere" | null;
};

export type Subject = {
  apply(operation: Operation): Outcome | Promise<Outcome>;
  view(): View | Promise<View>;
  /** @throws Error when it holds something that it should not. */
  close?(): Promise<void>;
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
export function randomOperation(random: Random, serial: number, hasProcess = false): Operation {
  const text = `m${serial}`;
  const at = random.below(4);
  const name = random.pick(hasProcess ? WEIGHTED_ALL : WEIGHTED);
  switch (name) {
    case "send": {
      const sent = { op: name, behavior: random.pick(BEHAVIORS), text };
      return hasProcess && random.chance(0.2) ? { ...sent, fault: random.pick(SEND_FAULTS) } : sent;
    }
    case "take_slots":
      return { op: name, count: 1 + random.below(3), begun: random.chance(0.5) };
    case "restart":
      return {
        op: name,
        how: random.pick(["killed", "stopped"]),
        partial: random.chance(0.5) ? text : null,
      };
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
} satisfies Record<Exclude<OperationName, ProcessOperation["op"]>, number>;

const PROCESS_WEIGHTS = {
  acquire_here: 8,
  take_slots: 3,
  give_slots: 4,
  look: 6,
  restart: 2,
} satisfies Record<ProcessOperation["op"], number>;

const repeat = (weights: Record<string, number>) =>
  Object.entries(weights).flatMap(([name, weight]) => Array<OperationName>(weight).fill(name as OperationName));

export const OPERATIONS = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
const WEIGHTED = repeat(WEIGHTS);
const WEIGHTED_ALL = [...WEIGHTED, ...repeat(PROCESS_WEIGHTS)];
