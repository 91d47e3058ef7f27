import { describe, expect, test } from "vitest";
import { createModelPort } from "@/lib/agent/models/create-model";
import { resolveBaseUrl } from "@/lib/agent/models/language-model";
import type { ModelRequest } from "@/lib/agent/types";
import type { ModelOptions } from "@/lib/contract/models";
import { createModelCalls, KEY, says, tools, VENDORS } from "@/tests/support/model-call";
import { collectEvents } from "@/tests/support/model-events";
import { reply } from "@/tests/support/model-reply";

const { end, server } = createModelCalls();

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
    const { body, headers } = server()!.requests[0]!;
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
    expect(server()!.requests[0]!.body).toMatchObject({
      max_completion_tokens: 77,
      temperature: 0.5,
      reasoning_effort: "xhigh",
    });
    expect(server()!.requests[0]!.body).not.toHaveProperty("max_tokens");
    await server()!.close();

    await end({ provider: "openai-compat", script: reply.text("hi"), options, request: { tools } });
    expect(server()!.requests[0]!.body).toMatchObject({ max_tokens: 77, stream_options: { include_usage: true } });
  });

  test.each(VENDORS)("%s: tools and the output limit arrive", async (provider) => {
    await end({ provider, script: reply.text("hi"), options: { max_output_tokens: 77 }, request: { tools } });
    expect(server()!.requests[0]).toMatchObject({ tools: ["execute"], model: "some-model" });
    expect(JSON.stringify(server()!.requests[0]!.body)).toMatch(/"max(Output|_output|_completion)?_?[tT]okens":77/);
  });

  test.each(["openai", "azure"] as const)("%s: nothing is stored, and reasoning comes encrypted", async (provider) => {
    const request: Partial<ModelRequest> = { reasoningEffort: "high" };
    await end({ provider, model: "gpt-5.2", script: reply.text("hi"), request });
    expect(server()!.requests[0]!.body).toMatchObject({
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "high", summary: "auto" },
    });
  });

  test("google: thoughts are asked for where the model thinks", async () => {
    const asked = async (model: string, request: Partial<ModelRequest> = {}) => {
      await end({ provider: "google", model, script: reply.text("hi"), request });
      const { generationConfig } = server()!.requests[0]!.body;
      await server()!.close();
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
      const found = JSON.stringify(server()!.requests[0]!.body).match(/cachePoint/g)?.length ?? 0;
      await server()!.close();
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
    await server()!.close();
    expect(await ask(`${pair}x`)).toMatchObject({
      failure: {
        error: { kind: "auth", status_code: 403, detail: "The security token included in the request is invalid." },
      },
    });
  });

  test("anthropic: reasoning effort turns thinking on", async () => {
    await end({ provider: "anthropic", script: reply.text("hi"), request: { reasoningEffort: "high" } });
    expect(server()!.requests[0]!.body).toHaveProperty("thinking");
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
