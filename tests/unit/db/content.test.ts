import { describe, expect, test } from "vitest";
import { readStoredContent, readWireParts } from "@/db/content";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";

const legacy = (role: MessageRole, content: unknown) => readStoredContent({ role, content, contentVersion: 0 });

describe("version 1", () => {
  test("is parts for every role", () => {
    const content = [{ type: "text", text: "hello" }];
    for (const role of ["system", "user", "assistant", "tool"] as const) {
      expect(readStoredContent({ role, content, contentVersion: 1 })).toEqual(content);
    }
  });

  test("keeps what the provider needs, and the wire does not", () => {
    const content: StoredPart[] = [
      { type: "reasoning", text: "hm", provider_metadata: { anthropic: { signature: "abc" } } },
      { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: {}, provider_tool_call_id: "toolu_1" },
    ];
    const stored = { role: "assistant" as const, content, contentVersion: 1 };
    expect(readStoredContent(stored)).toEqual(content);
    expect(readWireParts(stored)).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: {} },
    ]);
  });

  test("passes part types of later releases through", () => {
    const content = [{ type: "hologram", depth: 3 }];
    expect(readStoredContent({ role: "user", content, contentVersion: 1 })).toEqual(content);
  });

  test.each([["bare text"], [{ type: "text", text: "x" }], [["x"]], [null]])("refuses %j", (content) => {
    expect(() => readStoredContent({ role: "user", content, contentVersion: 1 })).toThrow("array of parts");
  });
});

test.each([2, -1, 99])("an unknown content version is an error that names it: %i", (contentVersion) => {
  expect(() => readStoredContent({ role: "user", content: [], contentVersion })).toThrow(
    `content_version ${contentVersion}`,
  );
});

describe("version 0", () => {
  test.each<[string, MessageRole, unknown, StoredPart[]]>([
    ["a bare string", "user", "hello", [{ type: "text", text: "hello" }]],
    ["a system prompt", "system", "Be brief.", [{ type: "text", text: "Be brief." }]],
    ["JSON that a person typed", "user", '[{"type":"text"}]', [{ type: "text", text: '[{"type":"text"}]' }]],
    ["an assistant's prose that begins with a bracket", "assistant", "[sic] so", [{ type: "text", text: "[sic] so" }]],
    ["nothing", "assistant", null, []],
    [
      "an array of strings",
      "user",
      ["a", "b"],
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    ],
    [
      "enveloped assistant blocks",
      "assistant",
      [
        { type: "reasoning", data: { text: "hm" } },
        { type: "text", data: { text: "Running it." } },
        { type: "tool-call", data: { tool_call_id: "c1", tool_name: "execute", input: '{"command":"ls"}' } },
      ],
      [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "Running it." },
        { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: { command: "ls" } },
      ],
    ],
    [
      "assistant blocks inside a string",
      "assistant",
      '[{"type":"tool_use","id":"c1","name":"execute","input":{"command":"ls"}}]',
      [{ type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: { command: "ls" } }],
    ],
    [
      "tool rows without a type",
      "tool",
      [{ tool_call_id: "c1", tool_name: "execute", result: { exit_code: 1 }, is_error: true }],
      [{ type: "tool-result", tool_call_id: "c1", tool_name: "execute", result: { exit_code: 1 }, is_error: true }],
    ],
    [
      "a single object",
      "tool",
      { toolCallId: "c1", toolName: "read_file", output: "text" },
      [{ type: "tool-result", tool_call_id: "c1", tool_name: "read_file", result: "text", is_error: false }],
    ],
    [
      "arguments that are not JSON",
      "assistant",
      [{ type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: '{"command":' }],
      [{ type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: '{"command":' }],
    ],
    ["a block nobody knows", "assistant", [{ type: "x", y: 1 }], [{ type: "text", text: '{"type":"x","y":1}' }]],
  ])("reads %s", (_name, role, content, parts) => {
    expect(legacy(role, content)).toEqual(parts);
  });
});
