import { describe, expect, test } from "vitest";
import type { StoredPart } from "@/lib/contract/messages";
import { createModelCalls, says, tools, VENDORS } from "@/tests/support/model-call";
import { reply } from "@/tests/support/model-reply";

const { end, server } = createModelCalls();

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
    await server()?.close();
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
    expect(server()?.requests[0]?.body.messages).toMatchObject([
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
    await server()?.close();
    const parts = first.type === "finish" ? first.parts : [];
    const results: StoredPart[] = [
      { type: "tool-result", tool_call_id: "call_1", tool_name: "execute", result: "a.txt", is_error: false },
    ];
    const messages = [says("go"), { role: "assistant" as const, parts }, { role: "tool" as const, parts: results }];

    const second = await end({ provider, script: reply.text("done"), request: { messages, tools } });

    expect(second).toMatchObject({ type: "finish", parts: [{ type: "text", text: "done" }] });
    const [seen] = server()?.requests ?? [];
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
      expect(JSON.stringify(server()?.requests.at(-1)?.body)).not.toMatch(/secret-mark/);
      await server()?.close();
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
