import { expect, test } from "vitest";
import { callOptions } from "@/lib/agent/models/call-options";
import type { PromptMessage } from "@/lib/agent/types";

const user: PromptMessage = { role: "user", parts: [{ type: "text", text: "Fix it" }] };
const call = (id: string) => ({ type: "tool-call", tool_call_id: id, tool_name: "execute", args: {} }) as const;
const results = (id: string): PromptMessage => ({
  role: "tool",
  parts: [{ type: "tool-result", tool_call_id: id, tool_name: "execute", result: "ok", is_error: false }],
});
const thinking = {
  type: "reasoning",
  text: "Hm.",
  provider_metadata: { anthropic: { signature: "s" }, bedrock: { signature: "s" } },
} as const;
const plainStep: PromptMessage[] = [{ role: "assistant", parts: [call("a")] }, results("a")];
const thoughtfulStep: PromptMessage[] = [{ role: "assistant", parts: [thinking, call("b")] }, results("b")];

const reasoningOf = (provider: "anthropic" | "bedrock" | "openai", messages: PromptMessage[]) =>
  callOptions({ system: [], messages, tools: [], reasoningEffort: "high" }, {
    provider,
    model: "claude-sonnet-4-5",
    baseUrl: null,
    apiKey: "k",
    options: {},
  } as never).reasoning;

test.each(["anthropic", "bedrock"] as const)("%s thinks only in a turn that began with it", (provider) => {
  expect(reasoningOf(provider, [user])).toBe("high");
  expect(reasoningOf(provider, [user, ...thoughtfulStep, ...plainStep])).toBe("high");
  expect(reasoningOf(provider, [user, ...plainStep])).toBeUndefined();
  expect(reasoningOf(provider, [user, ...plainStep, user])).toBe("high");
});

test("others think whatever came before", () => {
  expect(reasoningOf("openai", [user, ...plainStep])).toBe("high");
});
