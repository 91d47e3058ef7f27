/**
 * The reference chat as it lives with a process that takes a person's messages and has a worker with slots: a message
 * runs at once where there is a free one that nobody waits for. Written without `lib/daemon`, as the chat is without
 * `lib/chats`.
 */
import type { Operation, OperationName, Outcome, ProcessView, Subject, View } from "./operations";
import type { ReferenceModel } from "./reference-model";

/** What only a worker does that has the chat. */
const BY_RUNNER: readonly OperationName[] = [
  "answer",
  "results",
  "finish",
  "ask_person",
  "reach_limit",
  "fail",
  "requeue",
  "finish_interruption",
  "die",
];

export class ProcessModel implements Subject {
  private owner: ProcessView["owner"] = null;
  /** Slots that other chats have. */
  private others = 0;
  private isWanted = false;
  /** A look has seen that nobody runs the chat: the next one takes it back. */
  private isSuspect = false;

  constructor(
    private readonly chat: ReferenceModel,
    private readonly max: number,
  ) {}

  view(): View {
    return { ...this.chat.view(), process: { free: this.free(), isWanted: this.isWanted, owner: this.owner } };
  }

  canHappen(operation: Operation): boolean {
    const isAbandoned = this.owner === "stray" || this.owner === "dead";
    if (isAbandoned && BY_RUNNER.includes(operation.op)) return false;
    if (operation.op === "restart" && operation.partial !== null)
      return operation.how === "killed" && this.mayHaveSaid();
    return this.chat.canHappen(operation);
  }

  apply(operation: Operation): Outcome {
    switch (operation.op) {
      case "send":
        return this.send(operation);
      case "acquire":
        if (this.status() === "pending") this.take("elsewhere");
        return "ok";
      case "acquire_here":
        this.acquire();
        return "ok";
      case "take_slots":
        if (!this.isWanted) this.others += Math.max(0, Math.min(operation.count, this.free()));
        return "ok";
      case "give_slots":
        if (this.others > 0) {
          this.others = 0;
          this.onRoom();
        }
        return "ok";
      case "look":
        this.look();
        return "ok";
      case "restart":
        if (operation.how === "stopped") this.handBack();
        else if (operation.partial !== null) this.chat.leave(operation.partial);
        this.startAgain();
        return "ok";
      default: {
        const outcome = this.chat.apply(operation);
        this.settle();
        return outcome;
      }
    }
  }

  /** Whether a run that is killed now may have checkpointed a part of an answer: not while calls are open. */
  private mayHaveSaid(): boolean {
    return this.owner === "here" && this.chat.canHappen({ op: "die", partial: "" });
  }

  private send(operation: Extract<Operation, { op: "send" }>): Outcome {
    const { fault } = operation;
    const hasSlot = !this.isWanted && this.free() > 0;
    const outcome = (fault === "lost_request" ? this.chat.copy() : this.chat).apply(operation);
    if (outcome !== "ok") return outcome;
    if (fault === "lost_request") return "unanswered";
    const isClaimed = hasSlot && this.status() === "pending";
    if (isClaimed) this.take(fault === "lost_answer" ? "stray" : "here");
    if (fault === "person_stops") this.chat.apply({ op: "interrupt" });
    if (fault === "process_stops") {
      this.handBack();
      this.startAgain();
    }
    this.settle();
    return fault === "lost_answer" ? "unanswered" : "ok";
  }

  private take(owner: "here" | "stray" | "elsewhere"): void {
    this.chat.apply({ op: "acquire" });
    this.owner = owner;
    this.isSuspect = false;
  }

  private acquire(): void {
    const free = this.free();
    this.isWanted = free <= 0;
    if (this.isWanted || this.status() !== "pending") return;
    this.take("here");
    // As many as there was room for: there may be more.
    this.isWanted = free === 1;
  }

  /** What waits for a slot gets it. */
  private onRoom(): void {
    if (this.isWanted) this.acquire();
  }

  private look(): void {
    const mayBePending = this.status() === "pending";
    const isOrphan = this.owner === "dead" || (this.owner === "stray" && this.isSuspect);
    this.isSuspect = this.owner === "stray";
    if (isOrphan) this.chat.apply({ op: "die", partial: null });
    const isLimited = this.chat.view().pauseReason === "spend_limit";
    if (isLimited) this.chat.apply({ op: "raise_limit" });
    this.settle();
    if (mayBePending || isOrphan || isLimited) this.acquire();
  }

  /** An orderly end of the process: what it ran goes back. */
  private handBack(): void {
    if (this.owner !== "here") return;
    if (this.status() === "running") this.chat.apply({ op: "requeue" });
    else this.chat.apply({ op: "finish_interruption", partial: null, finished: 0 });
  }

  private startAgain(): void {
    this.others = 0;
    this.isWanted = false;
    const isOwned = this.status() === "running" || this.status() === "interrupting";
    if (this.owner === "here" || this.owner === "stray") this.owner = isOwned ? "dead" : null;
  }

  /** Whoever had the chat does not any more once it is nobody's. */
  private settle(): void {
    if (this.status() === "running" || this.status() === "interrupting") return;
    const wasHere = this.owner === "here";
    this.owner = null;
    if (wasHere) this.onRoom();
  }

  private free(): number {
    return this.max - this.others - (this.owner === "here" ? 1 : 0);
  }

  private status(): View["status"] {
    return this.chat.view().status;
  }
}
