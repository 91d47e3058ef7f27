import { expect, test } from "vitest";
import type { LivePart } from "@/lib/contract/events";
import { createPartBuffer } from "@/lib/streams/part-buffer";
import { createFakeClock } from "../../support/fake-clock";

const episode = { chatId: "chat", historyVersion: 4, attempt: 1 };
const text = (delta: string): LivePart => ({ type: "text", delta });

function create() {
  const clock = createFakeClock();
  const frames: [number, unknown][] = [];
  const buffer = createPartBuffer({
    clock,
    onFrames: (_log, batch) =>
      frames.push(...batch.map((frame): [number, unknown] => [frame.seq, JSON.parse(frame.json)])),
  });
  return { clock, frames, buffer, writer: buffer.open(episode) };
}

test("the first delta goes out at once, the next ones together at the end of 16 ms", async () => {
  const { clock, frames, writer } = create();
  writer.append("assistant", text("a"));
  expect(frames).toEqual([[1, text("a")]]);
  await clock.advance(5);
  writer.append("assistant", text("b"));
  writer.append("assistant", text("c"));
  await clock.advance(10);
  expect(frames).toHaveLength(1);
  await clock.advance(1);
  expect(frames).toEqual([
    [1, text("a")],
    [2, text("bc")],
  ]);
  await clock.advance(20);
  writer.append("assistant", text("d"));
  expect(frames.at(-1)).toEqual([3, text("d")]);
});

test("only neighbours of one kind and one call join, and a finished result takes nothing more", async () => {
  const { clock, frames, writer } = create();
  writer.append("assistant", text("now"));
  const output = (id: string, delta: string): LivePart => ({
    type: "tool-result",
    tool_call_id: id,
    tool_name: "execute",
    result_delta: delta,
  });
  const end: LivePart = { type: "tool-result", tool_call_id: "a", tool_name: "execute", result: 1, is_error: false };
  for (const part of [text("x"), { type: "reasoning", delta: "r" } as const, text("y")])
    writer.append("assistant", part);
  for (const part of [output("a", "1"), output("a", "2"), output("b", "3"), end, output("a", "late")])
    writer.append("tool", part);
  await clock.advance(16);
  expect(frames.slice(1).map(([, part]) => part)).toEqual([
    text("x"),
    { type: "reasoning", delta: "r" },
    text("y"),
    output("a", "12"),
    output("b", "3"),
    end,
    output("a", "late"),
  ]);
  expect(frames.map(([seq]) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("closing sends what waits, and nothing comes after it", async () => {
  const { clock, frames, buffer, writer } = create();
  writer.append("assistant", text("a"));
  writer.append("assistant", text("b"));
  writer.close();
  writer.append("assistant", text("c"));
  await clock.advance(100);
  expect(frames.map(([, part]) => part)).toEqual([text("a"), text("b")]);
  expect(buffer.find("chat")?.folded()).toMatchObject([{ text: "ab" }]);
  await clock.advance(30_000);
  expect(buffer.find("chat")).toBeUndefined();
});

test("the ring keeps 1 MB; what is older is folded, and the newest frames are never lost", async () => {
  const { clock, buffer, writer } = create();
  for (let i = 0; i < 100; i += 1) {
    writer.append("assistant", text("x".repeat(20_000)));
    await clock.advance(16);
  }
  const log = buffer.find("chat");
  expect(log?.lastSeq).toBe(100);
  expect(log?.framesAfter(0)).toBeUndefined();
  expect(log?.framesAfter(60)?.map((frame) => frame.seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 61));
  expect(log?.framesAfter(100)).toEqual([]);
  expect(log?.framesAfter(101)).toBeUndefined();
  expect(log?.folded()).toMatchObject([{ text: "x".repeat(2_000_000) }]);
});
