import { afterEach, describe, expect, test } from "vitest";
import { createModelPort, type SupportedProvider } from "@/lib/agent/models/create-model";
import { resolveBaseUrl } from "@/lib/agent/models/language-model";
import type { ModelRequest } from "@/lib/agent/types";
import type { Clock } from "@/lib/clock";
import type { StoredPart } from "@/lib/contract/messages";
import { type ModelOptions, type ProviderSettings, SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import { createFakeClock } from "@/tests/support/fake-clock";
import { collectEvents, type ModelEvent } from "@/tests/support/model-events";
import { type EarlyEnd, type Reply, reply } from "@/tests/support/model-reply";
import type { Script } from "@/tests/support/model-script";
import { type ModelServer, startModelServer } from "@/tests/support/model-server";

const KEY = "sk-secret-key-1234";
const VENDORS = SUPPORTED_PROVIDER_TYPES;

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Call = {
  provider: SupportedProvider;
  script: Script;
  request?: Partial<ModelRequest>;
  options?: ModelOptions;
  signal?: AbortSignal;
  onEvent?: (event: ModelEvent) => void;
  clock?: Clock;
  silenceMs?: number;
  apiKey?: string;
  settings?: ProviderSettings;
  model?: string;
  /** The key that is used. */
  given?: string;
};

async function call({
  provider,
  script,
  request,
  options = {},
  signal,
  onEvent,
  clock,
  silenceMs,
  apiKey,
  settings,
  model,
  given,
}: Call) {
  server = await startModelServer({ script, ...(apiKey && { apiKey }) });
  let calls = 0;
  const port = createModelPort({
    provider,
    apiKey: given ?? KEY,
    baseUrl: server.url,
    model: model ?? "some-model",
    options,
    ...(settings && { settings }),
    newToolCallId: () => `call_${++calls}`,
    ...(clock && { clock }),
    ...(silenceMs && { silenceMs }),
  });
  const whole = { system: ["Be brief."], messages: [says("hello")], tools: [], ...request };
  return collectEvents(port, whole, { ...(onEvent && { onEvent }), ...(signal && { signal }) });
}

const says = (text: string) => ({ role: "user" as const, parts: [{ type: "text" as const, text }] });

const end = async (options: Call) => (await call(options)).at(-1)!;

const everything = (
  usage = { input: 12, output: 40, reasoning: 9, cacheRead: 2_000, cacheWrite5m: 60, cacheWrite1h: 40 },
) =>
  reply.answer(
    [
      { type: "reasoning", chunks: ["Let me ", "think."] },
      { type: "text", chunks: ["I will ", "look."] },
      { type: "tool_call", id: "same", name: "read_file", json: ['{"path":', '"a.txt"}'] },
      { type: "tool_call", id: "other", name: "process_list" },
    ],
    { usage },
  );

const tools = [{ name: "execute", description: "Runs.", inputSchema: { type: "object", properties: {} } }];

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
      await server?.close();
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

describe("replay", () => {
  test("anthropic: thinking goes back with its signature, redacted thinking too", async () => {
    const first = await end({
      provider: "anthropic",
      script: reply.answer([
        { type: "reasoning", chunks: "Let me think." },
        { type: "redacted_reasoning", data: "opaque" },
        { type: "tool_call", name: "execute", args: { command: "ls" } },
      ]),
    });
    await server?.close();
    const parts = first.type === "finish" ? first.parts : [];
    const results: StoredPart[] = [
      { type: "tool-result", tool_call_id: "call_1", tool_name: "execute", result: { output: "a" }, is_error: false },
    ];

    // The server refuses thinking whose signature does not fit.
    const second = await end({
      provider: "anthropic",
      script: reply.text("done"),
      request: { messages: [says("go"), { role: "assistant", parts }, { role: "tool", parts: results }] },
    });

    expect(second).toMatchObject({ type: "finish" });
    expect(server?.requests[0]?.body.messages).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        content: [{ type: "thinking" }, { type: "redacted_thinking", data: "opaque" }, { type: "tool_use" }],
      },
      { role: "user", content: [{ type: "tool_result", content: '{"output":"a"}' }] },
    ]);
  });
});

describe("replay to each vendor", () => {
  const SIGNED: Record<string, RegExp> = {
    anthropic: /"signature":"sig-/,
    openai: /"type":"reasoning","id":"rs_\w+","encrypted_content":"gAAAA/,
    azure: /"type":"reasoning","id":"rs_\w+","encrypted_content":"gAAAA/,
    google: /"thoughtSignature":"EhsK/,
    bedrock: /"signature":"sig-/,
    openrouter: /"reasoning_details":\[\{"type":"reasoning.text".*"text":"Let me think.".*"signature":"sig-/,
    "openai-compat": /"reasoning_content":"Let me think."/,
  };

  test.each(VENDORS)("%s: a call goes back with its reasoning and its result", async (provider) => {
    const first = await end({
      provider,
      script: reply.answer([
        { type: "reasoning", chunks: "Let me think." },
        { type: "tool_call", name: "execute", args: { command: "ls" } },
      ]),
    });
    await server?.close();
    const parts = first.type === "finish" ? first.parts : [];
    const results: StoredPart[] = [
      { type: "tool-result", tool_call_id: "call_1", tool_name: "execute", result: "a.txt", is_error: false },
    ];
    const messages = [says("go"), { role: "assistant" as const, parts }, { role: "tool" as const, parts: results }];

    const second = await end({ provider, script: reply.text("done"), request: { messages, tools } });

    expect(second).toMatchObject({ type: "finish", parts: [{ type: "text", text: "done" }] });
    const [seen] = server?.requests ?? [];
    expect(seen).toMatchObject({ step: 1, prompt: "go", system: "Be brief.", toolResults: [{ text: "a.txt" }] });
    expect(seen?.messages.flatMap(({ toolCalls }) => toolCalls)).toMatchObject([{ args: { command: "ls" } }]);
    expect(JSON.stringify(seen?.body)).toMatch(SIGNED[provider] ?? /never/);
  });

  test.each(VENDORS)("%s: what another vendor thought and called is taken without its marks", async (provider) => {
    for (const other of VENDORS.filter((vendor) => vendor !== provider)) {
      const messages = [says("go"), { role: "assistant" as const, parts: foreignParts(other) }, says("on")];
      expect(await end({ provider, script: reply.text("done"), request: { messages } })).toMatchObject({
        type: "finish",
      });
      expect(JSON.stringify(server?.requests.at(-1)?.body)).not.toMatch(/secret-mark/);
      await server?.close();
    }
  });

  const foreignParts = (vendor: string): StoredPart[] => {
    const mark = { signature: "secret-mark", itemId: "secret-mark", thoughtSignature: "secret-mark" };
    const metadata = { provider_metadata: { [vendor]: { ...mark, reasoningEncryptedContent: "secret-mark" } } };
    return [
      { type: "reasoning", text: "hm", ...metadata },
      { type: "text", text: "I look.", ...metadata },
      { type: "tool-call", tool_call_id: "call_a", tool_name: "execute", args: {}, ...metadata },
    ];
  };
});

describe("the request", () => {
  test("anthropic: system, tools, a default limit and cache marks", async () => {
    await end({
      provider: "anthropic",
      script: reply.text("hi"),
      request: {
        tools,
        messages: [says("one"), { role: "assistant", parts: [{ type: "text", text: "two" }] }, says("three")],
      },
    });
    const { body, headers } = server!.requests[0]!;
    expect(headers["x-api-key"]).toBe(KEY);
    expect(body).toMatchObject({
      model: "some-model",
      max_tokens: expect.any(Number),
      system: [{ text: "Be brief.", cache_control: { type: "ephemeral" } }],
      tools: [{ name: "execute", description: "Runs." }],
      messages: [
        { content: [{ text: "one" }] },
        { content: [{ text: "two", cache_control: { type: "ephemeral" } }] },
        { content: [{ text: "three", cache_control: { type: "ephemeral" } }] },
      ],
    });
  });

  test("anthropic: a gateway gets nothing that only Anthropic itself knows", async () => {
    const seen: RequestInit[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      seen.push(init ?? {});
      return new Response("{}", { status: 500 });
    };
    const request = { system: [], messages: [says("hi")], tools };
    for (const baseUrl of [null, "https://gateway.example"]) {
      const settings = {
        provider: "anthropic",
        apiKey: KEY,
        baseUrl,
        model: "claude-sonnet-4-5",
        options: {},
      } as const;
      await collectEvents(createModelPort({ ...settings, fetch }), request);
    }
    const [itself, gateway] = seen.map(({ headers, body }) => `${JSON.stringify([...new Headers(headers)])} ${body}`);
    expect(itself).toMatch(/anthropic-beta.*eager_input_streaming/);
    expect(gateway).not.toMatch(/anthropic-beta|eager_input_streaming/);
  });

  test("openai: its chat has its own name of the output limit, compatible servers the old one", async () => {
    const options: ModelOptions = { max_output_tokens: 77, temperature: 0.5, reasoning_effort: "max" };
    const settings = { api: "chat" } as const;
    await end({ provider: "openai", settings, script: reply.text("hi"), options, request: { tools } });
    expect(server!.requests[0]!.body).toMatchObject({
      max_completion_tokens: 77,
      temperature: 0.5,
      reasoning_effort: "xhigh",
    });
    expect(server!.requests[0]!.body).not.toHaveProperty("max_tokens");
    await server!.close();

    await end({ provider: "openai-compat", script: reply.text("hi"), options, request: { tools } });
    expect(server!.requests[0]!.body).toMatchObject({ max_tokens: 77, stream_options: { include_usage: true } });
  });

  test.each(VENDORS)("%s: tools and the output limit arrive", async (provider) => {
    await end({ provider, script: reply.text("hi"), options: { max_output_tokens: 77 }, request: { tools } });
    expect(server!.requests[0]).toMatchObject({ tools: ["execute"], model: "some-model" });
    expect(JSON.stringify(server!.requests[0]!.body)).toMatch(/"max(Output|_output|_completion)?_?[tT]okens":77/);
  });

  test.each(["openai", "azure"] as const)("%s: nothing is stored, and reasoning comes encrypted", async (provider) => {
    const request: Partial<ModelRequest> = { reasoningEffort: "high" };
    await end({ provider, model: "gpt-5.2", script: reply.text("hi"), request });
    expect(server!.requests[0]!.body).toMatchObject({
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "high", summary: "auto" },
    });
  });

  test("google: thoughts are asked for where the model thinks", async () => {
    const asked = async (model: string, request: Partial<ModelRequest> = {}) => {
      await end({ provider: "google", model, script: reply.text("hi"), request });
      const { generationConfig } = server!.requests[0]!.body;
      await server!.close();
      return generationConfig;
    };
    expect(await asked("gemini-2.0-flash")).not.toHaveProperty("thinkingConfig");
    expect(await asked("gemini-2.5-pro")).toMatchObject({ thinkingConfig: { includeThoughts: true } });
    expect(await asked("gemini-3.1-pro-preview", { reasoningEffort: "high" })).toMatchObject({
      thinkingConfig: { includeThoughts: true, thinkingLevel: "high" },
    });
  });

  test("bedrock: cache points go to the models that take them", async () => {
    const marks = async (model: string) => {
      await end({ provider: "bedrock", model, script: reply.text("hi") });
      const found = JSON.stringify(server!.requests[0]!.body).match(/cachePoint/g)?.length ?? 0;
      await server!.close();
      return found;
    };
    expect(await marks("global.anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe(2);
    expect(await marks("meta.llama3-1-70b-instruct-v1:0")).toBe(0);
  });

  test("bedrock: an AWS key pair signs the request, a wrong one is refused", async () => {
    const pair = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const settings = { region: "eu-west-1" };
    const script = reply.text("hi");
    const ask = (given: string) =>
      end({ provider: "bedrock", settings, script, model: "anthropic.claude-3-haiku-v1:0", apiKey: pair, given });
    expect(await ask(pair)).toMatchObject({ type: "finish" });
    await server!.close();
    expect(await ask(`${pair}x`)).toMatchObject({
      failure: {
        error: { kind: "auth", status_code: 403, detail: "The security token included in the request is invalid." },
      },
    });
  });

  test("anthropic: reasoning effort turns thinking on", async () => {
    await end({ provider: "anthropic", script: reply.text("hi"), request: { reasoningEffort: "high" } });
    expect(server!.requests[0]!.body).toHaveProperty("thinking");
  });
});

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
    await expect.poll(() => server!.openReplies()).toBe(0);
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

test.each([
  ["anthropic", null, "https://api.anthropic.com/v1"],
  ["openai", null, "https://api.openai.com/v1"],
  ["anthropic", "https://gateway.example", "https://gateway.example/v1"],
  ["openai-compat", "http://localhost:11434/", "http://localhost:11434/v1"],
  ["openai-compat", "https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1"],
  ["openrouter", null, "https://openrouter.ai/api/v1"],
  ["google", null, "https://generativelanguage.googleapis.com/v1beta"],
  ["google", "https://proxy.example", "https://proxy.example/v1beta"],
  ["azure", "https://mine.openai.azure.com/", "https://mine.openai.azure.com/openai/v1"],
  ["bedrock", "https://vpce.example/", "https://vpce.example"],
] as const)("the base URL of %s with %s is %s", (provider, baseUrl, expected) => {
  expect(resolveBaseUrl(provider, baseUrl)).toBe(expected);
});

test.each([
  ["openai", "responses", "https://api.openai.com/v1/responses"],
  ["openai", "chat", "https://api.openai.com/v1/chat/completions"],
  ["azure", "responses", "https://mine.openai.azure.com/openai/v1/responses"],
  ["azure", "chat", "https://mine.openai.azure.com/openai/v1/chat/completions"],
  ["google", undefined, "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse"],
  ["openrouter", undefined, "https://openrouter.ai/api/v1/chat/completions"],
  ["bedrock", undefined, "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse-stream"],
] as const)("%s with %s calls %s", async (provider, api, url) => {
  const seen: string[] = [];
  const fetch = async (input: unknown) => {
    seen.push(String(input));
    return new Response("{}", { status: 500 });
  };
  const baseUrl = provider === "azure" ? "https://mine.openai.azure.com" : null;
  const settings = { ...(api && { api }), ...(provider === "bedrock" && { region: "eu-west-1" }) };
  const port = createModelPort({ provider, apiKey: KEY, baseUrl, model: "m", settings, options: {}, fetch });
  await collectEvents(port, { system: [], messages: [says("hi")], tools: [] });
  expect(seen).toEqual([url]);
});

test.each([
  ["azure", "needs a base URL"],
  ["bedrock", "needs an AWS region"],
] as const)("%s without its address is a failure that says so", async (provider, words) => {
  const port = createModelPort({ provider, apiKey: KEY, baseUrl: null, model: "m", options: {} });
  const events = await collectEvents(port, { system: [], messages: [says("hi")], tools: [] });
  expect(events).toMatchObject([{ failure: { error: { kind: "config", detail: expect.stringContaining(words) } } }]);
});

test("a compatible server needs a base URL", () => {
  expect(() => resolveBaseUrl("openai-compat", null)).toThrow(/needs a base URL/);
});
