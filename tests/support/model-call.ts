/** One call of a model port to a scripted server of the vendor's protocol, for the tests of the port. */
import { afterEach } from "vitest";
import { createModelPort, type SupportedProvider } from "@/lib/agent/models/create-model";
import type { ModelRequest } from "@/lib/agent/types";
import type { Clock } from "@/lib/clock";
import { type ModelOptions, type ProviderSettings, SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import { collectEvents, type ModelEvent } from "./model-events";
import { reply } from "./model-reply";
import type { Script } from "./model-script";
import { type ModelServer, startModelServer } from "./model-server";

export const KEY = "sk-secret-key-1234";
export const VENDORS = SUPPORTED_PROVIDER_TYPES;

export type ModelCall = {
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

/** Call it at the top of a test file: each test's last server ends with the test. */
export function createModelCalls() {
  let server: ModelServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

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
  }: ModelCall) {
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

  return {
    call,
    end: async (options: ModelCall) => (await call(options)).at(-1)!,
    /** Of the last call. */
    server: () => server,
  };
}

export const says = (text: string) => ({ role: "user" as const, parts: [{ type: "text" as const, text }] });

export const everything = (
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

export const tools = [{ name: "execute", description: "Runs.", inputSchema: { type: "object", properties: {} } }];
