import { expect, test } from "vitest";
import { createSseDecoder, encodeSseEvent, encodeSseRetry, SSE_COMMENT } from "@/lib/contract/sse";

const stream = [
  encodeSseRetry(1_000, "start"),
  encodeSseEvent({ event: "message", id: "a", data: '{"text":"grüße \u2028 😀"}' }),
  SSE_COMMENT,
  encodeSseEvent({ event: "status", id: "b", data: "{}" }),
].join("");

const expected = [
  { event: "message", id: "a", data: '{"text":"grüße \u2028 😀"}' },
  { event: "status", id: "b", data: "{}" },
];

test("what is encoded is decoded, cut at every place", () => {
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const decoder = createSseDecoder();
    expect([...decoder.push(stream.slice(0, cut)), ...decoder.push(stream.slice(cut))]).toEqual(expected);
  }
});

test.each(["\n", "\r\n", "\r"])("line ends %j are read, one character at a time", (end) => {
  const decoder = createSseDecoder();
  const text = stream.replaceAll("\n", end);
  expect([...text].flatMap((character) => decoder.push(character))).toEqual(expected);
});

test("an id without data moves the place and is no event", () => {
  const decoder = createSseDecoder();
  expect(decoder.push(encodeSseRetry(1_000, "here"))).toEqual([]);
  expect(decoder.lastEventId()).toBe("here");
});

test("several data lines are one event; a field without a colon and unknown fields do nothing", () => {
  const decoder = createSseDecoder();
  expect(decoder.push("data: one\ndata\ndata:two\nfoo: bar\nnoise\n\n")).toEqual([
    { event: "message", id: "", data: "one\n\ntwo" },
  ]);
});
