import { expect, test } from "vitest";
import { createModelPort } from "@/lib/agent/models/create-model";
import { collectEvents, type ModelEvent } from "@/tests/support/model-events";
import { reply } from "@/tests/support/model-reply";
import { WIRES } from "@/tests/support/wires";

const answer = reply.answer([
  { type: "reasoning", chunks: ["Grüße ", "🦊 denken"] },
  { type: "text", chunks: ["naïve ", "日本 👩‍👩‍👧"] },
  { type: "tool_call", name: "execute", args: { command: "echo 'ü'\n" } },
]);
const wire = { model: "m", newId: () => "1", includeUsage: true };
const BODIES = {
  anthropic: WIRES.anthropic.frames(answer, wire),
  openai: WIRES["openai-responses"].frames(answer, wire),
  google: WIRES.google.frames(answer, wire),
  bedrock: WIRES.bedrock.frames(answer, wire),
  openrouter: WIRES.openrouter.frames(answer, wire),
};
type Vendor = keyof typeof BODIES;
const VENDORS = Object.keys(BODIES) as Vendor[];

/** The events of a body that arrives in these pieces and then ends. */
async function read(provider: Vendor, pieces: Uint8Array[]): Promise<ModelEvent[]> {
  const fetch = async () =>
    new Response(
      new ReadableStream({
        start: (stream) => {
          for (const piece of pieces) stream.enqueue(piece);
          stream.close();
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
  const port = createModelPort({
    provider,
    apiKey: "k",
    baseUrl: null,
    model: "m",
    settings: { region: "eu-west-1" },
    options: {},
    fetch,
  });
  const request = {
    system: [],
    messages: [{ role: "user" as const, parts: [{ type: "text" as const, text: "hi" }] }],
    tools: [],
  };
  return collectEvents(port, request);
}

const join = (frames: { data: string | Buffer }[]) => Buffer.concat(frames.map(({ data }) => Buffer.from(data)));
const bytesOf = (vendor: Vendor): Uint8Array => join(BODIES[vendor]);

test.each(VENDORS)("%s: bytes that come one by one make the same answer", async (vendor) => {
  const bytes = bytesOf(vendor);
  const events = await read(
    vendor,
    Array.from(bytes, (byte) => Uint8Array.of(byte)),
  );
  expect(events.at(-1)).toMatchObject({
    type: "finish",
    parts: [
      { type: "reasoning", text: "Grüße 🦊 denken" },
      { type: "text", text: "naïve 日本 👩‍👩‍👧" },
      { type: "tool-call", args: { command: "echo 'ü'\n" } },
    ],
  });
});

/** Every 13th: enough to fall into every kind of place. */
const STRIDE = 13;

test.each(VENDORS)(
  "%s: an answer that ends at any byte before its end is a failure that can be tried again",
  async (vendor) => {
    const bytes = bytesOf(vendor);
    const ends = /"finish_reason":"|message_stop|response\.completed|"finishReason"|messageStop/;
    const end = BODIES[vendor].findIndex(({ data }) => ends.test(data.toString()));
    const wholeBytes = join(BODIES[vendor].slice(0, end)).length;
    for (let length = 0; length < wholeBytes; length += STRIDE) {
      const events = await read(vendor, [bytes.subarray(0, length)]);
      expect([length, events.at(-1)]).toMatchObject([
        length,
        { type: "failure", failure: { error: { retryable: true } } },
      ]);
      expect(events.filter(({ type }) => type !== "part")).toHaveLength(1);
    }
  },
);
