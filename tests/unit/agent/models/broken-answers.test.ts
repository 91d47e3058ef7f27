import { describe, expect, test } from "vitest";
import { createModelPort, type SupportedProvider } from "@/lib/agent/models/create-model";
import { createFakeClock } from "@/tests/support/fake-clock";
import { createModelCalls, everything, KEY, says, VENDORS } from "@/tests/support/model-call";
import { collectEvents, type ModelEvent } from "@/tests/support/model-events";
import { type EarlyEnd, type Reply, reply } from "@/tests/support/model-reply";
import { startModelServer } from "@/tests/support/model-server";

const { call, end, server } = createModelCalls();

describe("failure", () => {
  test.each([
    ["anthropic", reply.overloaded(), "overloaded", true],
    ["anthropic", reply.error(401, "authentication_error", "invalid x-api-key"), "auth", false],
    [
      "anthropic",
      reply.error(400, "invalid_request_error", "Your credit balance is too low to access the API."),
      "usage_limit",
      false,
    ],
    ["anthropic", reply.error(404, "not_found_error", "model: claude-nope"), "config", false],
    [
      "openai",
      reply.error(429, "insufficient_quota", "You exceeded your current quota, please check your plan."),
      "usage_limit",
      false,
    ],
    [
      "openai",
      reply.error(400, "context_length_exceeded", "maximum context length is 8192 tokens"),
      "context_overflow",
      false,
    ],
    ["openai-compat", reply.error(503, "unavailable", "loading the model"), "timeout", true],
  ] as [SupportedProvider, Reply, string, boolean][])("%s: %o", async (provider, script, kind, retryable) => {
    const detail = "message" in script ? script.message : "";
    expect(await end({ provider, script })).toMatchObject({
      type: "failure",
      failure: { error: { kind, retryable, provider, detail } },
      parts: [],
    });
  });

  test("Retry-After comes with it", async () => {
    const script = reply.error(429, "rate_limit_error", "slow down", { "retry-after": "17" });
    expect(await end({ provider: "anthropic", script })).toMatchObject({ failure: { retryAfterMs: 17_000 } });
  });

  test("a key that the provider repeats is not shown", async () => {
    const script = reply.error(401, "authentication_error", `Key ${KEY} is wrong.`);
    const event = await end({ provider: "anthropic", script });
    expect(event).toMatchObject({ failure: { error: { detail: "Key [key] is wrong." } } });
  });

  test("a wrong key shows the provider's own words", async () => {
    expect(await end({ provider: "anthropic", script: reply.text("hi"), apiKey: "another" })).toMatchObject({
      failure: { error: { kind: "auth", status_code: 401, detail: "invalid x-api-key" } },
    });
  });

  test.each(VENDORS)("%s: a web page instead of a stream is a wrong address", async (provider) => {
    const fetch = async () => new Response("<html>Welcome</html>", { headers: { "content-type": "text/html" } });
    const port = createModelPort({
      provider,
      apiKey: KEY,
      baseUrl: "http://127.0.0.1:1",
      model: "m",
      options: {},
      fetch,
    });
    const events = await collectEvents(port, { system: [], messages: [says("hi")], tools: [] });
    expect(events).toMatchObject([{ type: "failure", failure: { error: { kind: "config", retryable: false } } }]);
  });

  test.each(VENDORS)("%s: a server that is not there can be tried again", async (provider) => {
    const gone = await startModelServer({ script: reply.text("hi") });
    await gone.close();
    const port = createModelPort({ provider, apiKey: KEY, baseUrl: gone.url, model: "m", options: {} });
    const events = await collectEvents(port, { system: [], messages: [says("hi")], tools: [] });
    expect(events).toMatchObject([{ type: "failure", failure: { error: { kind: "timeout", retryable: true } } }]);
  });
});

const BROKEN_ENDS: EarlyEnd["type"][] = ["cut", "close", "malformed"];
/** Everything has 2 chunks of reasoning, a signature at some, 2 of text and the rest of calls. */
const CHUNKS: Record<SupportedProvider, { ofReasoning: number; untilHalfACall: number; all: number }> = {
  anthropic: { ofReasoning: 3, untilHalfACall: 7, all: 10 },
  openai: { ofReasoning: 2, untilHalfACall: 5, all: 7 },
  azure: { ofReasoning: 2, untilHalfACall: 5, all: 7 },
  google: { ofReasoning: 2, untilHalfACall: 4, all: 6 },
  bedrock: { ofReasoning: 3, untilHalfACall: 6, all: 8 },
  openrouter: { ofReasoning: 3, untilHalfACall: 7, all: 10 },
  "openai-compat": { ofReasoning: 2, untilHalfACall: 6, all: 9 },
};
const broken = VENDORS.flatMap((provider) =>
  BROKEN_ENDS.flatMap((type) =>
    Array.from({ length: CHUNKS[provider].all }, (_, afterChunks) => [provider, type, afterChunks] as const),
  ),
);

describe("a broken stream", () => {
  test.each(broken)(
    "%s, %s after %d chunks: fails, can be tried again, keeps what came",
    async (provider, type, afterChunks) => {
      const script = { ...everything(), earlyEnd: { type, afterChunks } as EarlyEnd };
      const events = await call({ provider, script });
      expect(events.at(-1)).toMatchObject({
        type: "failure",
        failure: { error: { kind: "timeout", retryable: true } },
      });
      expect(events.filter((event) => event.type !== "part")).toHaveLength(1);
    },
  );

  test.each(VENDORS.filter((vendor) => vendor !== "google"))(
    "%s: text and cut arguments so far are there",
    async (provider) => {
      const script = {
        ...everything(),
        earlyEnd: { type: "cut", afterChunks: CHUNKS[provider].untilHalfACall } as EarlyEnd,
      };
      const event = await end({ provider, script });
      expect(event).toMatchObject({
        type: "failure",
        parts: [{ type: "reasoning" }, { type: "text", text: "I will look." }, { type: "tool-call", args: '{"path":' }],
      });
    },
  );

  test("google: what an answer has cost so far is known when it is cut", async () => {
    const script = { ...everything(), earlyEnd: { type: "cut", afterChunks: 2 } as EarlyEnd };
    expect(await end({ provider: "google", script })).toMatchObject({
      usage: { input_tokens: 112, output_tokens: 40, reasoning_tokens: 9, cache_read_tokens: 2_000 },
    });
  });

  test("anthropic: what the prompt costs is known from the first event", async () => {
    const script = { ...everything(), earlyEnd: { type: "cut", afterChunks: 2 } as EarlyEnd };
    expect(await end({ provider: "anthropic", script })).toMatchObject({
      usage: { input_tokens: 12, cache_read_tokens: 2_000, cache_creation_tokens: 100 },
    });
  });

  test.each(VENDORS)("%s: an overload inside the stream can be tried again", async (provider) => {
    const earlyEnd = { type: "error", afterChunks: 2, errorType: "overloaded_error", message: "Overloaded" } as const;
    expect(await end({ provider, script: { ...everything(), earlyEnd } })).toMatchObject({
      type: "failure",
      failure: { error: { kind: "overloaded", retryable: true, detail: "Overloaded" } },
    });
  });
});

describe("silence and stopping", () => {
  const hangsAfter = (afterChunks: number) => ({
    ...everything(),
    earlyEnd: { type: "hang", afterChunks } as EarlyEnd,
  });

  test.each(VENDORS)("%s: a stream that falls silent fails", async (provider) => {
    const clock = createFakeClock();
    let heard = 0;
    let last: ModelEvent | undefined;
    const onEvent = (event: ModelEvent) => {
      heard += 1;
      last = event;
    };
    const ended = call({ provider, script: hangsAfter(2), clock, silenceMs: 600_000, onEvent });
    await expect.poll(() => heard).toBeGreaterThanOrEqual(2);
    // What is still on its way is heard later, and is no silence.
    while (last?.type === "part") await clock.advance(600_000);
    await ended;
    expect(last).toMatchObject({
      type: "failure",
      failure: { error: { kind: "stream_silence", retryable: true } },
      parts: [{ type: "reasoning", text: "Let me think." }],
    });
  });

  test("a server that accepts and never answers fails too", async () => {
    const clock = createFakeClock();
    const result = end({ provider: "openai", script: reply.hang(), clock, silenceMs: 600_000 });
    await clock.sleeping();
    await clock.advance(600_000);
    expect(await result).toMatchObject({ type: "failure", failure: { error: { kind: "stream_silence" } } });
  });

  test.each(VENDORS)("%s: stopping keeps what came and closes the connection", async (provider) => {
    const stop = new AbortController();
    let heard = 0;
    const onEvent = () => {
      heard += 1;
      if (heard === 4) stop.abort("interrupt");
    };
    const script = hangsAfter(CHUNKS[provider].ofReasoning + 2);
    const events = await call({ provider, script, signal: stop.signal, onEvent });
    expect(events.at(-1)).toMatchObject({
      type: "aborted",
      parts: [{ type: "reasoning" }, { type: "text", text: "I will look." }],
    });
    await expect.poll(() => server()!.openReplies()).toBe(0);
  });

  test("a signal that is aborted already makes no answer", async () => {
    expect(
      await end({ provider: "anthropic", script: reply.text("hi"), signal: AbortSignal.abort("shutdown") }),
    ).toEqual({
      type: "aborted",
      parts: [],
      usage: null,
    });
  });
});
