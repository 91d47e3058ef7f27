/**
 * A chat as the architecture's text describes it, written without the table: one branch for each status. Deliberately
 * shares nothing with `lib/chats`, so that the two can disagree.
 */
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { QueueDelivery } from "@/lib/contract/messages";
import { type Operation, type Outcome, row, type Subject, type View } from "./operations";

type Queued = { text: string; delivery: QueueDelivery };
type Row = { role: "user" | "assistant" | "tool"; text: string; calls: string[]; shown: string };

const MAX_QUEUED = 20;
const BUSY_LISTENING: readonly ChatStatus[] = ["pending", "running", "interrupting"];

export class ReferenceModel implements Subject {
  private status: ChatStatus = "pending";
  private pauseReason: PauseReason | null = null;
  private archived = false;
  private rows: Row[] = [];
  private queue: Queued[] = [];
  private open: string[] = [];
  private calls = 0;
  /** What a worker that died had said of the answer that is next. */
  private said: string | null = null;

  constructor(
    private readonly isChild: boolean,
    first: string,
  ) {
    this.insertUser(first);
  }

  /** The same chat, to try something with. */
  copy(): ReferenceModel {
    return Object.assign(Object.create(ReferenceModel.prototype), structuredClone({ ...this }));
  }

  view(): View {
    return {
      status: this.status,
      pauseReason: this.pauseReason,
      archived: this.archived,
      failed: this.status === "error",
      rows: this.rows.map(({ shown }) => shown),
      queue: this.queue.map(({ text, delivery }) => row.queued(text, delivery)),
    };
  }

  /** A worker is gone that had checkpointed this of the answer that is next. */
  leave(said: string): void {
    this.said = said;
  }

  /** What no runner, person or fault would do: a second answer over open calls, results of nothing. */
  canHappen(operation: Operation): boolean {
    const hasOpen = this.open.length > 0;
    switch (operation.op) {
      case "answer":
      case "finish":
        return this.status !== "running" || !hasOpen;
      case "results":
      case "ask_person":
        return this.status !== "running" || hasOpen;
      case "reach_limit":
        return this.status !== "running" || !hasOpen;
      case "respond":
        return this.status === "paused" && this.pauseReason !== "spend_limit";
      case "raise_limit":
        return this.pauseReason === "spend_limit";
      case "finish_interruption":
        // A partial answer exists only while no call is open.
        return operation.partial === null || !hasOpen;
      case "die":
        return this.isOwned() && (operation.partial === null || !hasOpen);
      case "requeue":
      case "fail":
        return this.isOwned();
      default:
        return true;
    }
  }

  apply(operation: Operation): Outcome {
    switch (operation.op) {
      case "send":
        return this.send(operation);
      case "edit":
        return this.edit(operation.at, operation.text);
      case "edit_queued":
      case "deliver_queued":
      case "move_queued":
      case "remove_queued":
        return this.changeQueue(operation);
      case "promote":
        return this.promote(operation.at);
      case "interrupt":
        return this.interrupt();
      case "respond":
        return this.respond();
      case "compact":
        return this.unless(this.archived || !this.isIdle(), () => {
          this.failOpen();
          this.move("pending");
        });
      case "clear":
        return this.unless(this.archived || !this.isIdle() || this.queue.length > 0, () => {
          this.failOpen();
          if (this.status === "error") this.move("waiting");
        });
      case "archive":
        return this.unless(!this.isIdle(), () => {
          this.archived = true;
        });
      case "unarchive":
        this.archived = false;
        return "ok";
      case "raise_limit":
        return this.unless(this.archived || this.status !== "paused", () => this.move("pending"));
      case "acquire":
        if (this.status === "pending") this.move("running");
        return "ok";
      default:
        return this.byRunner(operation);
    }
  }

  private byRunner(operation: Operation): Outcome {
    if (operation.op === "zombie") return "lost";
    const mayLimit = operation.op === "reach_limit" && this.status === "pending";
    if (!this.isOwned() && !mayLimit) return "lost";
    const isRunning = this.status === "running";
    switch (operation.op) {
      case "answer":
        return this.unless(!isRunning, () => this.insertAnswer(operation.text, operation.calls));
      case "results":
        return this.unless(!isRunning, () => {
          this.insertResults(() => "ok");
          this.takeSteers();
        });
      case "finish":
        return this.unless(!isRunning, () => {
          if (operation.text !== null) this.insertAnswer(operation.text, 0);
          this.endTurn(this.isChild ? "completed" : "waiting");
        });
      case "ask_person":
        return this.unless(!isRunning, () => this.move("paused", operation.reason));
      case "reach_limit":
        return this.unless(!isRunning && !mayLimit, () => this.move("paused", "spend_limit"));
      case "fail":
        return this.unless(!isRunning, () => this.move("error"));
      case "requeue":
        return this.unless(!isRunning, () => this.move("pending"));
      case "finish_interruption":
        return this.unless(isRunning, () => this.endInterruption(operation.partial, operation.finished));
      case "die":
        this.said = operation.partial ?? this.said;
        if (isRunning) this.move("pending");
        else this.endInterruption(this.said, 0);
        return "ok";
      default:
        throw new Error(`No rule for ${operation.op}.`);
    }
  }

  private send({ behavior, text }: Extract<Operation, { op: "send" }>): Outcome {
    if (this.archived) return "conflict";
    if (behavior === "interrupt") return this.sendInterrupt(text);
    const delivery: QueueDelivery = behavior === "steer" ? "steer" : "queue";
    if (this.asksPerson()) return this.answerByMessage(text);
    if (this.status === "error") return this.sendToFailed({ text, delivery });
    if (this.isIdle()) {
      this.insertUser(text);
      this.move("pending");
      return "ok";
    }
    return this.enqueue({ text, delivery }, "tail");
  }

  /** The queue was kept by the failure: the message joins it, and its head goes on. */
  private sendToFailed(item: Queued): Outcome {
    if (this.queue.length >= MAX_QUEUED) return "rate_limited";
    this.failOpen();
    if (this.queue.length === 0) this.insertUser(item.text);
    else {
      this.queue.push(item);
      this.takeSteers();
      this.takeHead();
    }
    this.move("pending");
    return "ok";
  }

  private sendInterrupt(text: string): Outcome {
    if (BUSY_LISTENING.includes(this.status) && this.status !== "pending") {
      return this.enqueue({ text, delivery: "queue" }, "head", () => this.move("interrupting"));
    }
    if (this.pauseReason === "spend_limit") return this.enqueue({ text, delivery: "queue" }, "head");
    this.keepSaid();
    this.failOpen();
    this.insertUser(text);
    this.move("pending");
    return "ok";
  }

  private promote(at: number): Outcome {
    if (this.archived) return "conflict";
    const item = this.queue[at];
    if (!item) return "not_found";
    this.queue.splice(at, 1);
    if (this.asksPerson()) return this.answerByMessage(item.text);
    const staysQueued = this.status === "running" || this.status === "interrupting" || this.status === "paused";
    if (staysQueued) {
      this.queue.unshift(item);
      if (this.status === "running") this.move("interrupting");
      return "ok";
    }
    this.keepSaid();
    this.failOpen();
    this.insertUser(item.text);
    this.move("pending");
    return "ok";
  }

  private answerByMessage(text: string): Outcome {
    this.insertResults(() => "answered");
    this.insertUser(text);
    this.move("pending");
    return "ok";
  }

  private edit(at: number, text: string): Outcome {
    if (this.archived) return "conflict";
    const users = this.rows.flatMap(({ role }, index) => (role === "user" ? [index] : []));
    const index = users[at];
    if (index === undefined) return "not_found";
    this.rows.splice(index);
    this.queue = [];
    this.open = [];
    this.insertUser(text);
    this.move("pending");
    return "ok";
  }

  private changeQueue(operation: Extract<Operation, { op: `${string}_queued` }>): Outcome {
    if (this.archived) return "conflict";
    const item = this.queue[operation.at];
    if (!item) return "not_found";
    switch (operation.op) {
      case "edit_queued":
        item.text = operation.text;
        return "ok";
      case "deliver_queued":
        item.delivery = operation.delivery;
        return "ok";
      case "remove_queued":
        this.queue.splice(operation.at, 1);
        return "ok";
      case "move_queued":
        this.queue.splice(operation.at, 1);
        this.queue.splice(operation.place - 1, 0, item);
        return "ok";
    }
  }

  private interrupt(): Outcome {
    if (this.archived) return "conflict";
    if (this.status === "running") this.move("interrupting");
    else if (this.status === "pending" || this.status === "paused") this.endInterruption(this.said, 0);
    return "ok";
  }

  private respond(): Outcome {
    this.insertResults(() => "ok");
    this.takeSteers();
    this.move("pending");
    return "ok";
  }

  private endInterruption(partial: string | null, finished: number): void {
    if (partial !== null) this.insertAnswer(partial, 0);
    this.insertResults((index) => (index < finished ? "ok" : "failed"));
    // A stopped child has delivered nothing, so it does not end completed.
    this.endTurn("waiting");
  }

  private endTurn(idle: ChatStatus): void {
    if (this.queue.length === 0) {
      this.move(idle);
      return;
    }
    this.takeSteers();
    this.takeHead();
    this.move("pending");
  }

  private takeSteers(): void {
    for (const { text, delivery } of this.queue) if (delivery === "steer") this.insertUser(text);
    this.queue = this.queue.filter(({ delivery }) => delivery !== "steer");
  }

  private takeHead(): void {
    const head = this.queue.shift();
    if (head) this.insertUser(head.text);
  }

  private enqueue(item: Queued, where: "head" | "tail", then: () => void = () => {}): Outcome {
    if (this.queue.length >= MAX_QUEUED) return "rate_limited";
    if (where === "head") this.queue.unshift(item);
    else this.queue.push(item);
    then();
    return "ok";
  }

  private keepSaid(): void {
    if (this.said !== null) this.insertAnswer(this.said, 0);
  }

  private insertUser(text: string): void {
    this.said = null;
    if (this.open.length > 0) throw new Error("A person's message precedes the result of an open call.");
    this.rows.push({ role: "user", text, calls: [], shown: row.user(text) });
  }

  private insertAnswer(text: string, count: number): void {
    this.said = null;
    this.open = Array.from({ length: count }, () => `c${++this.calls}`);
    this.rows.push({ role: "assistant", text, calls: this.open, shown: row.assistant(text, this.open) });
  }

  private insertResults(how: (index: number) => string): void {
    if (this.open.length === 0) return;
    const results = this.open.map((call, index) => ({ call, how: how(index) }));
    this.rows.push({ role: "tool", text: "", calls: [], shown: row.tool(results) });
    this.open = [];
    this.said = null;
  }

  private failOpen(): void {
    this.insertResults(() => "failed");
  }

  private move(status: ChatStatus, pauseReason: PauseReason | null = null): void {
    this.status = status;
    this.pauseReason = pauseReason;
    if (!BUSY_LISTENING.includes(status)) this.said = null;
  }

  private unless(refused: boolean, act: () => void): Outcome {
    if (refused) return "conflict";
    act();
    return "ok";
  }

  private isIdle(): boolean {
    return this.status === "waiting" || this.status === "completed" || this.status === "error";
  }

  private isOwned(): boolean {
    return this.status === "running" || this.status === "interrupting";
  }

  private asksPerson(): boolean {
    return this.pauseReason === "question" || this.pauseReason === "plan";
  }
}
