import { expect, test } from "vitest";
import { buildLiveRows, createRowBuilder, joinRows } from "@/components/chat/timeline";
import type { Message } from "@/lib/contract/messages";
import { messageFixture, toolCall, toolResult } from "../../support/chat-fixtures";

const buildDurableRows = (messages: readonly Message[], isActive = true) =>
  createRowBuilder().build(messages, isActive);
const kinds = (rows: readonly { kind: string }[]) => rows.map((row) => row.kind);

test("a result is drawn at the place of its call, whatever row holds it", () => {
  const rows = buildDurableRows([
    messageFixture(1, "user", "Go"),
    messageFixture(2, "assistant", [toolCall("a", "execute"), toolCall("b", "execute")]),
    messageFixture(3, "tool", [toolResult("b", "execute", "B"), toolResult("a", "execute", "A", true)]),
  ]);
  expect(rows).toMatchObject([
    { kind: "user" },
    { key: "a", result: { value: "A", isError: true } },
    { key: "b", result: { value: "B", isError: false } },
  ]);
});

test("consecutive reads are one line, also across rows and the live border", () => {
  const durable = buildDurableRows([
    messageFixture(2, "assistant", [toolCall("a", "read_file"), toolCall("b", "read_file")]),
    messageFixture(3, "tool", [toolResult("a", "read_file", {}), toolResult("b", "read_file", {})]),
    messageFixture(4, "assistant", [toolCall("c", "read_file")]),
  ]);
  const live = buildLiveRows(
    [{ role: "assistant", type: "tool-call", tool_call_id: "d", tool_name: "read_file", args_text: '{"path":"x' }],
    5,
  );
  const rows = joinRows(durable, live);
  expect(kinds(rows)).toEqual(["reads"]);
  expect(rows[0]).toMatchObject({
    key: "a",
    calls: [{ key: "a" }, { key: "b" }, { key: "c" }, { args: { path: "x" } }],
  });
});

test("rows for the model alone and blank texts are not drawn", () => {
  const hidden = { ...messageFixture(2, "user", "summary"), visibility: "model" as const };
  expect(buildDurableRows([hidden, messageFixture(3, "assistant", "  \n")])).toEqual([]);
});

test("a part of an unknown type is ignored", () => {
  const unknown = { type: "hologram", text: "?" } as never;
  expect(kinds(buildDurableRows([messageFixture(2, "assistant", [unknown, { type: "text", text: "Hi" }])]))).toEqual([
    "text",
  ]);
});

test("each turn that changed files ends with their summary, and the last one when it is over", () => {
  const change = (path: string) => ({ files: [{ path, diff: "@@ -1 +1 @@\n-a\n+b", additions: 1, deletions: 1 }] });
  const messages = [
    messageFixture(1, "user", "Go"),
    messageFixture(2, "assistant", [toolCall("a", "edit_files"), toolCall("b", "edit_files")]),
    messageFixture(3, "tool", [toolResult("a", "edit_files", change("x")), toolResult("b", "edit_files", change("x"))]),
    messageFixture(4, "user", "More"),
    messageFixture(5, "assistant", [toolCall("c", "edit_files")]),
    messageFixture(6, "tool", [toolResult("c", "edit_files", change("y"))]),
  ];
  const rows = buildDurableRows(messages);
  expect(kinds(rows)).toEqual(["user", "tool", "tool", "files-changed", "turn-end", "user", "tool"]);
  expect(rows[3]).toMatchObject({ summary: { additions: 2, deletions: 2, files: [{ path: "x" }] } });
  expect(buildDurableRows(messages, false).slice(-2)).toMatchObject([
    { kind: "files-changed", summary: { files: [{ path: "y" }] } },
    { kind: "turn-end", answers: [{ id: 5 }] },
  ]);
});

test("a failed edit changes no file", () => {
  const messages = [
    messageFixture(1, "user", "Go"),
    messageFixture(2, "assistant", [toolCall("a", "write_file")]),
    messageFixture(3, "tool", [toolResult("a", "write_file", { path: "x" }, true)]),
  ];
  expect(kinds(buildDurableRows(messages, false))).not.toContain("files-changed");
});

test("writing what a file already holds changes no file", () => {
  const same = { path: "x", diff: "", additions: 0, deletions: 0, created: false };
  const messages = [
    messageFixture(1, "user", "Go"),
    messageFixture(2, "assistant", [toolCall("a", "write_file")]),
    messageFixture(3, "tool", [toolResult("a", "write_file", same)]),
  ];
  expect(kinds(buildDurableRows(messages, false))).not.toContain("files-changed");
});

test("rows whose message, place and results are what they were are the same objects, so nothing is drawn again", () => {
  const builder = createRowBuilder();
  const messages = [
    messageFixture(1, "user", "Go"),
    messageFixture(2, "assistant", [
      { type: "source", url: "https://a.test", title: "A" },
      toolCall("a", "read_file"),
      toolCall("b", "read_file"),
    ]),
    messageFixture(3, "tool", [toolResult("a", "read_file", {}), toolResult("b", "read_file", {})]),
    messageFixture(4, "assistant", "Done."),
    messageFixture(5, "user", "More"),
  ];
  const before = builder.build(messages, true);
  const after = builder.build([...messages, messageFixture(6, "assistant", "Yes.")], true);
  expect(kinds(after)).toEqual(["user", "sources", "reads", "text", "turn-end", "user", "text"]);
  // The answer that was the newest is not any more, which its rows say.
  expect(before.map((row, index) => row === after[index])).toEqual([true, true, true, false, true, true]);
});

test("a compaction is a boundary: while it runs, with its summary, and when it failed", () => {
  const call = messageFixture(2, "assistant", [toolCall("c", "chat_summarized")]);
  const state = (...results: Message[]) => buildDurableRows([call, ...results])[0];
  expect(state()).toMatchObject({ kind: "boundary", act: "summarised", state: "running" });
  const done = messageFixture(3, "tool", [toolResult("c", "chat_summarized", { summary: "We did it." })]);
  expect(state(done)).toMatchObject({ state: "done", text: "We did it." });
  const failed = messageFixture(3, "tool", [toolResult("c", "chat_summarized", "No model.", true)]);
  expect(state(failed)).toMatchObject({ state: "failed", text: "No model." });
});

test("only the newest boundary can be undone, and only while nothing runs", () => {
  const boundary = (id: number, name: string, isError = false) => [
    messageFixture(id, "assistant", [toolCall(`c${id}`, name)]),
    messageFixture(id + 1, "tool", [toolResult(`c${id}`, name, {}, isError)]),
  ];
  const messages = [
    ...boundary(1, "chat_summarized"),
    ...boundary(3, "chat_cleared"),
    ...boundary(5, "chat_summarized", true),
  ];
  const undoable = (isActive: boolean) =>
    buildDurableRows(messages, isActive).flatMap((row) => (row.kind === "boundary" ? [row.canUndo] : []));
  expect(undoable(false)).toEqual([false, true, false]);
  expect(undoable(true)).toEqual([false, false, false]);
});

test("a compaction after a turn stands below the turn's end, one within it above", () => {
  const answer = (id: number) => messageFixture(id, "assistant", "Done.");
  const boundary = messageFixture(3, "assistant", [toolCall("c", "chat_summarized")]);
  const summary = messageFixture(4, "tool", [toolResult("c", "chat_summarized", { summary: "We did it." })]);
  const go = messageFixture(1, "user", "Go");
  expect(kinds(buildDurableRows([go, answer(2), boundary, summary], false))).toEqual([
    "user",
    "text",
    "turn-end",
    "boundary",
  ]);
  expect(kinds(buildDurableRows([go, answer(2), boundary, summary, answer(5)], false))).toEqual([
    "user",
    "text",
    "boundary",
    "text",
    "turn-end",
  ]);
});
