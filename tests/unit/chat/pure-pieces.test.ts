import { describe, expect, test } from "vitest";
import { type Attachment, reduceAttachments, toPastedFile } from "@/components/chat/attachments";
import { type Chunk, findAnchorKey, findFirstScreen, splitChunks } from "@/components/chat/chunks";
import { findRows, rowOfMessage } from "@/components/chat/find-rows";
import { revealHidden } from "@/components/chat/hidden-characters";
import { linkedMessageId, messageHash } from "@/components/chat/message-link";
import { collectAnswers, findAskingCalls } from "@/components/chat/open-calls";
import { hasMath, markMath } from "@/components/chat/parts/math-text";
import { readAnswers, readPlanAnswer, readQuestions } from "@/components/chat/pause-data";
import { draggedPosition, orderQueue } from "@/components/chat/queue-order";
import { readDeadline, readSubagentCall, stuckText, subagentPhase } from "@/components/chat/subagent-data";
import { applySuggestion, findTrigger, matchSuggestions, stepOption } from "@/components/chat/suggestions";
import type { TimelineRow } from "@/components/chat/timeline-rows";
import { sumUsage } from "@/components/chat/usage-facts";
import { toContent } from "@/components/chat/use-composer";
import { messageFixture, toolCall, toolResult } from "../../support/chat-fixtures";

const rows = (from: number, to: number): TimelineRow[] =>
  Array.from({ length: to - from }, (_, index) => ({
    kind: "notice",
    key: `${from + index}`,
    text: `row ${from + index}`,
  }));

const texts = (count: number, text: string): TimelineRow[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "text",
    key: `${index}`,
    text,
    isLive: false,
    messageId: null,
  }));

describe("chunks", () => {
  test("rows that join at either end leave the chunks between as they are", () => {
    const before = splitChunks(rows(100, 200), "100");
    const after = splitChunks(rows(60, 230), "100");
    for (const chunk of before.slice(0, -1)) {
      expect(after.find(({ id }) => id === chunk.id)?.rows.map(({ key }) => key)).toEqual(
        chunk.rows.map(({ key }) => key),
      );
    }
    expect(after.flatMap((chunk) => chunk.rows)).toHaveLength(170);
  });

  test("10,000 rows are about a thousand chunks, and none have no chunk", () => {
    expect(splitChunks(rows(0, 10_000), "0").length).toBeLessThan(1_300);
    expect(splitChunks([], findAnchorKey([]))).toEqual([]);
  });

  test("a chat opens with the chunks at its end that fill the window, and with all of them when they do not", () => {
    const drawn = (chunks: Chunk[]) => chunks.slice(findFirstScreen(chunks, 900)).flatMap((chunk) => chunk.rows).length;
    expect(drawn(splitChunks(rows(0, 50), "0"))).toBe(34);
    expect(drawn(splitChunks(texts(50, "What was read.\n\n- one\n- two\n".repeat(4)), "0"))).toBe(10);
    expect(drawn(splitChunks(texts(50, "x".repeat(50_000)), "0"))).toBe(2);
    expect(drawn(splitChunks(rows(0, 9), "0"))).toBe(9);
    expect(drawn([])).toBe(0);
  });
});

describe("hidden characters", () => {
  test.each([
    ["invoice\u202Efdp.exe", "invoice[U+202E]fdp.exe"],
    ["pass\u200Bword", "pass[U+200B]word"],
    ["\u{e0041}x", "[U+E0041]x"],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"],
    [
      "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
      "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    ],
    ["שלום", "שלום"],
  ])("%j is shown as %j", (text, shown) => {
    expect(revealHidden(text)).toBe(shown);
  });
});

describe("completion", () => {
  test.each([
    ["/", 1, { kind: "command", query: "" }],
    ["/cl", 3, { kind: "command", query: "cl" }],
    ["see /etc", 8, undefined],
    ["/etc/hosts", 10, undefined],
    ["look at @src/ca", 15, { kind: "file", query: "src/ca" }],
    ["mail me@example.com", 19, undefined],
    ["@a b", 4, undefined],
  ])("%j with the caret at %i", (text, caret, trigger) => {
    const found = findTrigger(text, caret);
    if (trigger) expect(found).toMatchObject(trigger);
    else expect(found).toBeUndefined();
  });

  test("takes the place of what was typed, and nothing else", () => {
    const trigger = findTrigger("fix @src/ca please", 11)!;
    expect(applySuggestion("fix @src/ca please", trigger, "src/cart.ts")).toEqual({
      text: "fix src/cart.ts please",
      caret: 16,
    });
  });

  test("names that begin with it come first; arrows go round", () => {
    const all = ["recompact", "compact"].map((label) => ({ id: label, label, hint: "" }));
    expect(matchSuggestions(all, "COM").map(({ label }) => label)).toEqual(["compact", "recompact"]);
    expect([stepOption(0, 2, -1), stepOption(1, 2, 1), stepOption(0, 0, 1)]).toEqual([1, 0, -1]);
  });
});

describe("queue", () => {
  const queue = [{ id: 1 }, { id: 2 }, { id: 3 }];
  test.each([
    [3, 1, [3, 1, 2]],
    [1, 9, [2, 3, 1]],
    [7, 1, [1, 2, 3]],
  ])("message %i at place %i", (id, position, ids) => {
    expect(orderQueue(queue, { id, position }).map((item) => item.id)).toEqual(ids);
  });

  test("a drag ends at the nearest place inside the list", () => {
    const from = { index: 1, rowPx: 30, count: 3 };
    expect([-100, -20, 10, 31, 500].map((movedPx) => draggedPosition({ ...from, movedPx }))).toEqual([1, 1, 2, 3, 3]);
  });
});

describe("what a paused agent asks", () => {
  const asked = messageFixture(2, "assistant", [
    toolCall("q", "ask_user_question"),
    toolCall("p", "propose_plan"),
    toolCall("x", "execute"),
  ]);

  test("answers go together when every call that asks has one", () => {
    const asking = findAskingCalls([asked, messageFixture(3, "tool", [toolResult("x", "execute", {})])]);
    expect(asking.map((call) => call.tool_call_id)).toEqual(["q", "p"]);
    const first = collectAnswers([], { toolCallId: "q", output: 1 }, asking);
    expect(first.isComplete).toBe(false);
    const stale = { toolCallId: "old", output: 0 };
    const both = collectAnswers([stale, ...first.answers], { toolCallId: "p", output: 2 }, asking);
    expect(both).toEqual({
      isComplete: true,
      answers: [
        { toolCallId: "q", output: 1 },
        { toolCallId: "p", output: 2 },
      ],
    });
  });

  test("questions are read while they arrive, answers in any shape", () => {
    expect(readQuestions({ questions: [{ question: "A?", options: [{ label: "x" }, 7] }, { header: "B" }] })).toEqual([
      { header: "", question: "A?", options: [{ label: "x", description: "" }] },
    ]);
    expect(readAnswers({ answers: [{ question: "A?", answer: "x" }, "y", 3] })).toMatchObject([
      { answer: "x" },
      { answer: "y" },
    ]);
    expect(readAnswers("no")).toEqual([]);
    expect(readPlanAnswer({ approved: false, feedback: "no" })).toEqual({ verdict: "changes", feedback: "no" });
    expect(readPlanAnswer({ answered_by_message: true }).verdict).toBe("message");
  });
});

describe("subagents", () => {
  test("one past its deadline is stuck, whatever its status, and never done", () => {
    expect(subagentPhase({ status: "running", stuck: true })).toBe("stuck");
    expect(subagentPhase({ status: "completed" })).toBe("done");
    expect(subagentPhase({ status: "waiting" })).toBe("stopped");
  });

  test("28: a call without its subagent's id yet says so, so that its card can wait", () => {
    expect(readSubagentCall({}, undefined).childId).toBeUndefined();
    expect(readSubagentCall({ chat_id: "c" }, { timed_out: true })).toMatchObject({ childId: "c", hasTimedOut: true });
    expect(readSubagentCall({}, { status: "stuck" })).toMatchObject({ hasTimedOut: false, status: "stuck" });
  });

  test("one that is stuck says why: past its time, or how long without a step", () => {
    const deadline = { startedAtMs: 0, lengthMs: 300_000 };
    const lastStepAt = new Date(60_000).toISOString();
    expect(stuckText({ deadline, lastStepAt, nowMs: 300_000 })).toBe("Past 5:00");
    expect(stuckText({ deadline, lastStepAt, nowMs: 299_000 })).toBe("No step for 3 min");
    expect(stuckText({ deadline: undefined, lastStepAt: null, nowMs: 0 })).toBe("Stuck");
  });

  test("time is counted back from the deadline", () => {
    const at = "2026-11-27T10:05:00Z";
    expect(readDeadline({ deadline_at: at, deadline_seconds: 300 })).toEqual({
      startedAtMs: Date.parse("2026-11-27T10:00:00Z"),
      lengthMs: 300_000,
    });
    expect(readDeadline({ deadline_at: null, deadline_seconds: 300 })).toBeUndefined();
  });
});

test("unknown is never zero: tokens and cost of a turn", () => {
  const usage = {
    input_tokens: 1,
    output_tokens: 2,
    reasoning_tokens: null,
    cache_read_tokens: null,
    cache_creation_tokens: null,
  };
  const priced = { ...messageFixture(1, "assistant", "a"), usage, total_cost_micros: 5 };
  const unpriced = { ...messageFixture(2, "assistant", "b"), usage, total_cost_micros: null };
  expect(sumUsage([unpriced])).toMatchObject({ costMicros: null, tokens: { input_tokens: 1, reasoning_tokens: null } });
  expect(sumUsage([priced, unpriced])).toMatchObject({
    costMicros: 5,
    isIncomplete: true,
    tokens: { output_tokens: 4 },
  });
});

test("an address names a message, and the message its row", () => {
  expect(linkedMessageId(messageHash(42))).toBe(42);
  for (const hash of ["", "#", "#message-", "#message-4x", "#message-99999999999999999"]) {
    expect(linkedMessageId(hash), hash).toBeUndefined();
  }
  const rows: TimelineRow[] = [
    { kind: "notice", key: "m1", text: "" },
    { kind: "reasoning", key: "1/0", text: "", durationMs: undefined, isLive: false },
    { kind: "text", key: "1/1", text: "", isLive: false, messageId: 2 },
    {
      kind: "turn-end",
      key: "end/1",
      answers: [messageFixture(2, "assistant", "a"), messageFixture(3, "assistant", "b")],
    },
  ];
  expect([1, 2, 3, 4].map((id) => rowOfMessage(rows, id))).toEqual(["m1", "1/1", "end/1", undefined]);
});

test("words are found in every kind of row, case aside, and nothing finds nothing", () => {
  const tool = {
    kind: "tool",
    key: "t",
    toolCallId: "t",
    toolName: "execute",
    args: { command: "echo Needle" },
    isNewest: false,
    result: undefined,
  } as const;
  expect(findRows([...rows(0, 3), tool], "NEEDLE")).toEqual(["t"]);
  expect(findRows(rows(0, 3), "  ")).toEqual([]);
});

test("TeX brackets are math, except in code; a single dollar is money", () => {
  expect(hasMath("costs $5 and $6")).toBe(false);
  expect(markMath("so \\(x\\) and `\\(y\\)`")).toBe("so $$x$$ and `\\(y\\)`");
  expect(markMath("\\[a\\]")).toBe("\n$$\na\n$$\n");
});

describe("attachments", () => {
  const uploading: Attachment = { key: "1", name: "a.png", mediaType: "image/png", sizeBytes: 3, state: "uploading" };
  const file = { id: "f", name: "a.png", media_type: "image/png", size_bytes: 3, created_at: "" } as const;

  test("29: a file that was removed does not come back when its upload ends", () => {
    const removed = reduceAttachments([uploading], { type: "removed", key: "1" });
    expect(reduceAttachments(removed, { type: "uploaded", key: "1", file })).toEqual([]);
  });

  test("what is sent is the text and the files that are there", () => {
    const uploaded = reduceAttachments([uploading], { type: "uploaded", key: "1", file });
    expect(toContent(" hi ", uploaded)).toEqual([
      { type: "text", text: "hi" },
      { type: "file", file_id: "f" },
    ]);
    expect(toContent("", reduceAttachments([uploading], { type: "failed", key: "1", reason: "no" }))).toBeUndefined();
    expect(toContent("hi", [])).toBe("hi");
  });

  test("a long paste becomes a file, a short one stays text", () => {
    expect(toPastedFile("x".repeat(10_000), 1)).toBeUndefined();
    expect(toPastedFile("x".repeat(10_001), 2)).toMatchObject({
      name: "pasted-2.txt",
      type: "text/plain",
      size: 10_001,
    });
  });
});
