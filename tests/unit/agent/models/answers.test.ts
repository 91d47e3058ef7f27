import { describe, expect, test } from "vitest";
import { createModelCalls, everything, VENDORS } from "@/tests/support/model-call";
import { reply } from "@/tests/support/model-reply";

const { call, end, server } = createModelCalls();

describe("an answer", () => {
  test.each(VENDORS)("%s: comes as live parts and then whole", async (provider) => {
    const events = await call({ provider, script: everything() });

    const live = events.flatMap((event) => (event.type === "part" ? [event.part] : []));
    expect(live.filter(({ type }) => type !== "tool-call")).toEqual([
      { type: "reasoning", delta: "Let me " },
      { type: "reasoning", delta: "think." },
      { type: "text", delta: "I will " },
      { type: "text", delta: "look." },
    ]);
    const first = { type: "tool-call", tool_call_id: "call_1", tool_name: "read_file" };
    // Gemini sends arguments whole.
    const deltas = provider === "google" ? ['{"path":"a.txt"}'] : ['{"path":', '"a.txt"}'];
    expect(live.filter((part) => part.type === "tool-call" && part.tool_call_id === "call_1")).toEqual([
      { ...first, args_delta: "" },
      ...deltas.map((args_delta) => ({ ...first, args_delta })),
      { ...first, args: { path: "a.txt" } },
    ]);
    expect(live).toContainEqual({ type: "tool-call", tool_call_id: "call_2", tool_name: "process_list", args: {} });
    expect(events.at(-1)).toMatchObject({
      type: "finish",
      finishReason: "tool_calls",
      parts: [
        { type: "reasoning", text: "Let me think.", duration_ms: expect.any(Number) },
        { type: "text", text: "I will look." },
        { type: "tool-call", tool_call_id: "call_1", provider_tool_call_id: "same", args: { path: "a.txt" } },
        { type: "tool-call", tool_call_id: "call_2", provider_tool_call_id: "other", args: {} },
      ],
    });
  });

  test("anthropic: usage keeps cache reads and writes apart from input", async () => {
    expect(await end({ provider: "anthropic", script: everything() })).toMatchObject({
      usage: {
        input_tokens: 12,
        output_tokens: 40,
        reasoning_tokens: 9,
        cache_read_tokens: 2_000,
        cache_creation_tokens: 100,
      },
    });
  });

  test.each(["openai", "azure", "google", "openrouter", "openai-compat"] as const)(
    "%s: input excludes what was cached, output includes reasoning, what is not said is null",
    async (provider) => {
      const script = everything({
        input: 12,
        output: 40,
        reasoning: 9,
        cacheRead: 2_000,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
      });
      expect(await end({ provider, script })).toMatchObject({
        usage: {
          input_tokens: 12,
          output_tokens: 40,
          reasoning_tokens: 9,
          cache_read_tokens: 2_000,
          cache_creation_tokens: null,
        },
      });
    },
  );

  test("no usage at all is null, not zero", async () => {
    for (const provider of VENDORS.filter((vendor) => vendor !== "anthropic")) {
      expect(await end({ provider, script: reply.text("hi", { usage: null }) })).toMatchObject({
        type: "finish",
        usage: null,
      });
      await server()?.close();
    }
  });

  test.each(VENDORS.filter((vendor) => vendor !== "google"))(
    "%s: arguments that are not JSON stay as the text they are",
    async (provider) => {
      const script = reply.toolCalls([{ name: "execute", json: ['{"command": "ls'] }], { finishReason: "length" });
      expect(await end({ provider, script })).toMatchObject({
        type: "finish",
        finishReason: "length",
        parts: [{ type: "tool-call", args: '{"command": "ls' }],
      });
    },
  );

  test.each(VENDORS)("%s: a refusal by the content filter is told apart", async (provider) => {
    expect(await end({ provider, script: reply.text("I", { finishReason: "content_filter" }) })).toMatchObject({
      type: "finish",
      finishReason: "content_filter",
    });
  });
});
