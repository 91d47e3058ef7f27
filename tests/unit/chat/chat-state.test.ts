import { describe, expect, test } from "vitest";
import { type ChatAction, createChatState, NO_LIVE_STEP, reduceChat } from "@/components/chat/chat-state";
import { deriveLiveStatus } from "@/components/chat/live-status";
import { buildLiveRows, createRowBuilder, joinRows } from "@/components/chat/timeline";
import type { Message } from "@/lib/contract/messages";
import {
  chatFixture,
  messageFixture,
  partEvent,
  queuedFixture,
  snapshotFixture,
  statusEvent,
  toolCall,
  toolResult,
} from "../../support/chat-fixtures";

const buildDurableRows = (messages: readonly Message[]) => createRowBuilder().build(messages, true);
const open = { kind: "live", build: null } as const;
const fold = (actions: ChatAction[], snapshot = snapshotFixture()) =>
  actions.reduce(reduceChat, createChatState(snapshot));
const text = (delta: string) => ({ type: "text", delta }) as const;

describe("the folded client equals the database", () => {
  const user = messageFixture(1, "user", "Fix the retry.");
  const answer = messageFixture(2, "assistant", [
    { type: "text", text: "Running the tests." },
    toolCall("c1", "execute", { command: "npm test" }),
  ]);
  const results = messageFixture(3, "tool", [toolResult("c1", "execute", { output: "ok", exit_code: 0 })]);
  const last = messageFixture(4, "assistant", "Done.");
  const events: ChatAction[] = [
    partEvent("1.1", 1, text("Running ")),
    partEvent("1.1", 2, text("the tests.")),
    partEvent("1.1", 3, { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: { command: "npm test" } }),
    { type: "message", message: answer },
    partEvent("2.0", 1, { type: "tool-result", tool_call_id: "c1", tool_name: "execute", result_delta: "ok" }),
    partEvent("2.0", 2, { type: "tool-result", tool_call_id: "c1", tool_name: "execute", result: {}, is_error: false }),
    { type: "message", message: results },
    partEvent("3.1", 1, text("Done.")),
    { type: "message", message: last },
    statusEvent("waiting", 20),
  ];

  test("after every event was applied once", () => {
    const state = fold(events);
    expect(state.messages).toEqual([user, answer, results, last]);
    expect(state.live).toEqual(NO_LIVE_STEP);
  });

  test("after every event was applied twice in a row", () => {
    const state = fold(events.flatMap((event) => [event, event]));
    expect(state.messages).toEqual([user, answer, results, last]);
    expect(state.live).toEqual(NO_LIVE_STEP);
  });

  test("after the stream was cut at any event and began again with the rows", () => {
    for (let cut = 0; cut <= events.length; cut += 1) {
      const state = fold([...events.slice(0, cut), ...events.slice(0, cut), ...events.slice(cut)]);
      expect(state.messages).toEqual([user, answer, results, last]);
      expect(state.live).toEqual(NO_LIVE_STEP);
    }
  });

  test("the live rows of a step have the keys of the durable rows that replace them", () => {
    const before = fold(events.slice(0, 3));
    const after = fold(events.slice(0, 4));
    const keys = (rows: readonly { key: string }[]) => rows.map((row) => row.key);
    const live = joinRows(buildDurableRows(before.messages), buildLiveRows(before.live.blocks, 1));
    expect(keys(live)).toEqual(keys(buildDurableRows(after.messages)));
  });
});

describe("bugs of earlier products do not come back", () => {
  test("4: text does not double when the parts so far are sent again after a reconnect", () => {
    const state = fold([
      partEvent("1.1", 1, text("Hel")),
      partEvent("1.1", 2, text("lo")),
      { type: "preview_reset" },
      partEvent("1.1", 2, text("Hello")),
      partEvent("1.1", 3, text(" you")),
    ]);
    expect(state.live.blocks).toEqual([{ role: "assistant", type: "text", text: "Hello you" }]);
  });

  test("5: a message that the server queued never shows as a bubble", () => {
    const queued = queuedFixture(7, "Then the docs.");
    const state = fold([{ type: "sent_queued_message", queuedMessage: queued, queueRevision: 0 }]);
    expect(state.messages).toHaveLength(1);
    expect(state.queue).toEqual([queued]);
  });

  test("6: a promoted message stays when the queue update overtakes the answer to the request", () => {
    const promoted = messageFixture(2, "user", "Then the docs.");
    const snapshot = snapshotFixture({ queuedMessages: [queuedFixture(7, "Then the docs.")] });
    const state = fold(
      [
        { type: "message", message: promoted },
        { type: "queue_update", queued_messages: [] },
      ],
      snapshot,
    );
    const late = reduceChat(state, {
      type: "sent_queued_message",
      queuedMessage: queuedFixture(7, "Then the docs."),
      queueRevision: 0,
    });
    expect(late.messages.at(-1)).toEqual(promoted);
    expect(late.queue).toEqual([]);
  });

  test("7: parts are shown whatever the status says", () => {
    const snapshot = snapshotFixture({ chat: chatFixture({ status: "waiting" }) });
    expect(fold([partEvent("1.1", 1, text("Early"))], snapshot).live.blocks).toHaveLength(1);
  });

  test("8: the answer is never on the page twice, nor missing, in the step that commits it", () => {
    const before = fold([partEvent("1.1", 1, text("Done."))]);
    const after = reduceChat(before, { type: "message", message: messageFixture(2, "assistant", "Done.") });
    for (const state of [before, after]) {
      const rows = joinRows(buildDurableRows(state.messages), buildLiveRows(state.live.blocks, 1));
      expect(rows.filter((row) => row.kind === "text")).toHaveLength(1);
    }
  });

  test("9: tool calls of the step before do not stay beside the next step's parts", () => {
    const call = { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args_delta: "{}" } as const;
    const state = fold([partEvent("1.1", 1, call), partEvent("1.2", 1, text("Again"))]);
    expect(state.live.blocks).toEqual([{ role: "assistant", type: "text", text: "Again" }]);
  });

  test("17: an edited queued message is what the server says, also while a row is being edited", () => {
    const snapshot = snapshotFixture({ queuedMessages: [queuedFixture(7, "old")] });
    const state = fold([{ type: "queue_update", queued_messages: [queuedFixture(7, "new")] }], snapshot);
    expect(state.queue).toEqual([queuedFixture(7, "new")]);
  });

  test("25: reasoning is live only while it is the last part, so a reconnect does not collapse it", () => {
    const state = fold([partEvent("1.1", 1, { type: "reasoning", delta: "Where is the order kept?" })]);
    expect(buildLiveRows(state.live.blocks, 1)).toMatchObject([{ kind: "reasoning", isLive: true }]);
    const next = reduceChat(state, partEvent("1.1", 2, text("In the claim.")));
    expect(buildLiveRows(next.live.blocks, 1)).toMatchObject([{ isLive: false }, { kind: "text", isLive: true }]);
  });

  test("27: whitespace does not end the starting state with nothing to see", () => {
    const state = fold([partEvent("1.1", 1, text("\n\n"))]);
    expect(deriveLiveStatus(state, open)).toEqual({ kind: "starting", waitsFor: "model" });
    expect(buildLiveRows(state.live.blocks, 1)).toEqual([]);
  });
});

describe("parts", () => {
  test("a part seen before is ignored", () => {
    const state = fold([partEvent("1.1", 1, text("a")), partEvent("1.1", 1, text("a"))]);
    expect(state.live.blocks).toEqual([{ role: "assistant", type: "text", text: "a" }]);
  });

  test("a part of an unknown type is ignored", () => {
    const unknown = { type: "hologram", delta: "?" } as never;
    expect(fold([partEvent("1.1", 1, unknown)]).live.blocks).toEqual([]);
  });

  test("a part of an episode that has ended is ignored", () => {
    const state = fold([
      partEvent("1.1", 1, text("Done.")),
      { type: "message", message: messageFixture(2, "assistant", "Done.") },
      partEvent("1.1", 2, text("Late")),
    ]);
    expect(state.live).toEqual(NO_LIVE_STEP);
  });

  test("results leave one by one when their rows come one by one", () => {
    const result = (id: string) => ({ type: "tool-result", tool_call_id: id, tool_name: "execute" }) as const;
    const state = fold([
      partEvent("2.0", 1, { ...result("c1"), result: {}, is_error: false }),
      partEvent("2.0", 2, { ...result("c2"), result: {}, is_error: false }),
      { type: "message", message: messageFixture(3, "tool", [toolResult("c1", "execute", {})]) },
    ]);
    expect(state.live.blocks).toMatchObject([{ tool_call_id: "c2" }]);
  });

  test("a known row that is sent again ends no step", () => {
    const answer = messageFixture(2, "assistant", "First.");
    const state = fold([
      { type: "message", message: answer },
      partEvent("2.1", 1, text("Second")),
      { type: "message", message: { ...answer, compressed: true } },
    ]);
    expect(state.live.blocks).toHaveLength(1);
    expect(state.messages.at(-1)?.compressed).toBe(true);
  });
});

describe("status, retry and error", () => {
  test("a lower status version is ignored", () => {
    expect(fold([statusEvent("waiting", 12), statusEvent("running", 11)]).status).toBe("waiting");
  });

  test("a retry ends with the first part of the next attempt", () => {
    const retry: ChatAction = {
      type: "retry",
      attempt: 1,
      delay_ms: 1000,
      retrying_at: "2026-11-23T10:41:01Z",
      kind: "overloaded",
      message: "Overloaded",
      provider: "anthropic",
      status_code: 529,
    };
    const waiting = fold([retry]);
    expect(deriveLiveStatus(waiting, open).kind).toBe("retrying");
    expect(reduceChat(waiting, partEvent("1.2", 1, text("Hi"))).retry).toBeNull();
  });

  test("an error stays while the chat has failed and goes when it runs again", () => {
    const error: ChatAction = {
      type: "error",
      kind: "auth",
      message: "The key was refused.",
      provider: "anthropic",
      status_code: 401,
      retryable: false,
      detail: null,
    };
    const failed = fold([error, statusEvent("error", 11)]);
    expect(deriveLiveStatus(failed, open).kind).toBe("failed");
    expect(reduceChat(failed, statusEvent("running", 12)).error).toBeNull();
  });

  test("a compaction is told by its boundary alone, and is no tool", () => {
    const call = { type: "tool-call", tool_call_id: "s", tool_name: "chat_summarized", args: {} } as const;
    const delta = { type: "tool-result", tool_call_id: "s", tool_name: "chat_summarized", result_delta: "We" } as const;
    for (const parts of [[call], [call, delta]]) {
      const state = fold(parts.map((part, index) => partEvent("1.1", index + 1, part)));
      expect(deriveLiveStatus(state, open)).toEqual({ kind: "compacting" });
      expect(buildLiveRows(state.live.blocks, 1)).toMatchObject([{ kind: "boundary", state: "running" }]);
    }
  });

  test("a lost connection shows only while the agent works", () => {
    const lost = { kind: "reconnecting", attempt: 1, retryAtMs: 0 } as const;
    expect(deriveLiveStatus(fold([]), lost).kind).toBe("reconnecting");
    expect(deriveLiveStatus(fold([statusEvent("waiting", 11)]), lost).kind).toBe("idle");
  });
});

describe("history", () => {
  test("older rows join in front and each row is there once", () => {
    const snapshot = snapshotFixture({ messages: [messageFixture(5, "user", "e")], hasMore: true });
    const older = [messageFixture(4, "assistant", "d"), messageFixture(5, "user", "e")];
    const state = fold([{ type: "older_messages", messages: older, hasMore: false }], snapshot);
    expect(state.messages.map((message) => message.id)).toEqual([4, 5]);
  });

  test("a row below the loaded window is left for the page that reaches it", () => {
    const snapshot = snapshotFixture({ messages: [messageFixture(5, "user", "e")], hasMore: true });
    const state = fold([{ type: "message", message: messageFixture(2, "assistant", "b") }], snapshot);
    expect(state.messages.map((message) => message.id)).toEqual([5]);
  });

  test("a history reset drops every row and takes what follows", () => {
    const snapshot = snapshotFixture({ messages: [messageFixture(5, "user", "e")], hasMore: true });
    const state = fold(
      [{ type: "history_reset" }, { type: "message", message: messageFixture(1, "user", "a") }],
      snapshot,
    );
    expect(state.messages.map((message) => message.id)).toEqual([1]);
  });

  test("a row that did not change keeps every reference", () => {
    const state = fold([]);
    const again = structuredClone(state.messages[0]!);
    expect(reduceChat(state, { type: "message", message: again })).toBe(state);
  });
});
