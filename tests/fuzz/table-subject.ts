/** The table of `lib/chats/state` carried out on lists in memory: what `transition.ts` does, without a database. */
import { type ChatEventName, type ChatState, type Decision, decide } from "@/lib/chats/state";
import type { PauseReason } from "@/lib/contract/chats";
import type { QueueDelivery } from "@/lib/contract/messages";
import { type Operation, type Outcome, row, type Subject, type View } from "./operations";

type Queued = { text: string; delivery: QueueDelivery };
type Incoming = Queued & { queuedAt?: number };
type Step = { incoming?: Incoming; pauseReason?: PauseReason; write?: () => void; results?: number };

const MAX_QUEUED = 20;
const SEND = { queue: "send_queue", steer: "send_steer", interrupt: "send_interrupt" } as const;

export class TableSubject implements Subject {
  private state: ChatState;
  private rows: string[] = [];
  private queue: Queued[] = [];
  private open: string[] = [];
  private calls = 0;
  /** What the step that is under way had said when its worker died. */
  private said: string | null = null;

  constructor(isChild: boolean, first: string) {
    this.state = { status: "pending", pauseReason: null, queueEmpty: true, archived: false, isChild };
    this.rows.push(row.user(first));
  }

  view(): View {
    const { status, pauseReason, archived } = this.state;
    const queue = this.queue.map(({ text, delivery }) => row.queued(text, delivery));
    return { status, pauseReason, archived, failed: status === "error", rows: [...this.rows], queue };
  }

  apply(operation: Operation): Outcome {
    switch (operation.op) {
      case "send": {
        const delivery = operation.behavior === "steer" ? "steer" : "queue";
        return this.step(SEND[operation.behavior], { incoming: { text: operation.text, delivery } });
      }
      case "edit":
        return this.edit(operation.at, operation.text);
      case "promote": {
        const item = this.queue[operation.at] ?? { text: "", delivery: "queue" as const };
        return this.step("promote", { incoming: { ...item, queuedAt: operation.at } });
      }
      case "edit_queued":
        return this.changeQueue(operation.at, (item) => {
          item.text = operation.text;
        });
      case "deliver_queued":
        return this.changeQueue(operation.at, (item) => {
          item.delivery = operation.delivery;
        });
      case "remove_queued":
        return this.changeQueue(operation.at, () => void this.queue.splice(operation.at, 1));
      case "move_queued":
        return this.changeQueue(operation.at, (item) => {
          this.queue.splice(operation.at, 1);
          this.queue.splice(operation.place - 1, 0, item);
        });
      case "interrupt":
      case "compact":
      case "clear":
        return this.step(operation.op);
      case "archive":
      case "unarchive":
        return this.step(operation.op, {
          write: () => {
            this.state.archived = operation.op === "archive";
          },
        });
      case "respond":
        return this.step("resume", { write: () => this.answer("ok", true) });
      case "raise_limit":
        return this.step("resume");
      default:
        return this.byRunner(operation);
    }
  }

  private byRunner(operation: Operation): Outcome {
    const { status } = this.state;
    const isOwned = status === "running" || status === "interrupting";
    if (operation.op === "acquire") {
      if (status === "pending") this.step("acquire");
      return "ok";
    }
    if (operation.op === "zombie") return "lost";
    if (!isOwned && !(operation.op === "reach_limit" && status === "pending")) return "lost";
    switch (operation.op) {
      case "answer":
        return this.step("commit_answer", { write: () => this.say(operation.text, operation.calls) });
      case "results":
        return this.step("commit_results", { write: () => this.answer("ok", true) });
      case "finish": {
        const { text } = operation;
        return this.step("finish_turn", text === null ? {} : { write: () => this.say(text, 0) });
      }
      case "ask_person":
        return this.step("pause_for_person", { pauseReason: operation.reason });
      case "reach_limit":
        return this.step("pause_for_limit", { pauseReason: "spend_limit" });
      case "fail":
      case "requeue":
        return this.step(operation.op);
      case "finish_interruption":
        return this.step("finish_interruption", this.stopped(operation.partial, operation.finished));
      case "die":
        if (operation.partial !== null) this.said = operation.partial;
        return this.step("reap");
      default:
        throw new Error(`No event for ${operation.op}.`);
    }
  }

  private stopped(partial: string | null, results: number): Step {
    return { results, write: () => void (partial !== null && this.say(partial, 0)) };
  }

  private step(event: ChatEventName, step: Step = {}): Outcome {
    this.state.queueEmpty = this.queue.length === 0;
    const decision = decide(this.state, event);
    if (!decision) return event === "promote" && !this.state.archived ? "not_found" : "conflict";
    if (step.incoming && !this.canPlace(decision, step.incoming)) {
      return step.incoming.queuedAt === undefined ? "rate_limited" : "not_found";
    }
    const rows = this.rows.join();
    const isOrphaned = this.state.status === "pending" || event === "reap";
    step.write?.();
    if (isOrphaned && decision.openCalls === "fail" && this.said !== null) this.say(this.said, 0);
    if (decision.openCalls !== "keep") this.failOpen(decision.openCalls, step.results ?? 0);
    if (step.incoming) this.place(decision, step.incoming);
    if (decision.promoteHead) this.promoteWaiting(true);
    this.state.status = decision.to;
    this.state.pauseReason = decision.to === "paused" ? (step.pauseReason ?? this.state.pauseReason) : null;
    const isUnderWay = ["pending", "running", "interrupting"].includes(this.state.status);
    if (event === "edit" || this.rows.join() !== rows || !isUnderWay) this.said = null;
    return "ok";
  }

  private canPlace(decision: Decision, { queuedAt }: Incoming): boolean {
    if (queuedAt !== undefined) return this.queue[queuedAt] !== undefined;
    return decision.message === "insert" || this.queue.length < MAX_QUEUED;
  }

  private place({ message }: Decision, { queuedAt, ...item }: Incoming): void {
    if (queuedAt !== undefined) this.queue.splice(queuedAt, 1);
    if (message === "insert") this.rows.push(row.user(item.text));
    else if (message === "queue_head") this.queue.unshift(item);
    else this.queue.push(item);
  }

  private edit(at: number, text: string): Outcome {
    const users = this.rows.flatMap((shown, index) => (shown.startsWith("user ") ? [index] : []));
    const index = users[at];
    if (index === undefined) return this.state.archived ? "conflict" : "not_found";
    return this.step("edit", {
      incoming: { text, delivery: "queue" },
      write: () => {
        this.rows.splice(index);
        this.queue = [];
        this.open = [];
      },
    });
  }

  private changeQueue(at: number, change: (item: Queued) => void): Outcome {
    if (this.state.archived) return "conflict";
    const item = this.queue[at];
    if (!item) return "not_found";
    return this.step("change_queue", { write: () => change(item) });
  }

  private say(text: string, count: number): void {
    this.open = Array.from({ length: count }, () => `c${++this.calls}`);
    this.rows.push(row.assistant(text, this.open));
  }

  private answer(how: string, withSteers: boolean): void {
    this.rows.push(row.tool(this.open.map((call) => ({ call, how }))));
    this.open = [];
    if (withSteers) this.promoteWaiting(false);
  }

  private failOpen(how: "fail" | "answered", finished: number): void {
    if (this.open.length === 0) return;
    const substitute = how === "fail" ? "failed" : "answered";
    this.rows.push(row.tool(this.open.map((call, index) => ({ call, how: index < finished ? "ok" : substitute }))));
    this.open = [];
  }

  /** Steers first, then the head of the others. */
  private promoteWaiting(withHead: boolean): void {
    const steers = this.queue.filter(({ delivery }) => delivery === "steer");
    this.queue = this.queue.filter(({ delivery }) => delivery !== "steer");
    const head = withHead ? this.queue.splice(0, 1) : [];
    for (const { text } of [...steers, ...head]) this.rows.push(row.user(text));
  }
}
