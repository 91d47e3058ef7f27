"use client";

import { useState } from "react";
import { errorText, modelsClient } from "@/lib/contract/client";
import type { Provider, ProviderTest } from "@/lib/contract/models";
import { toast } from "../../ui/toast";

/** What the last test of a provider found since the page was opened; `busy` while it runs. */
export type TestResult = ProviderTest | "busy";

/** Tests of saved providers, started from their row. */
export function useProviderTests() {
  const [results, setResults] = useState<Readonly<Record<string, TestResult>>>({});
  const set = (id: string, result: TestResult) => setResults((all) => ({ ...all, [id]: result }));

  async function run(provider: Provider) {
    if (results[provider.id] === "busy") return;
    set(provider.id, "busy");
    const test = await modelsClient
      .testProvider(provider.id, {})
      .catch((error: unknown): ProviderTest => ({ ok: false, error: errorText(error) }));
    set(provider.id, test);
    if (test.ok) toast.show(`${provider.display_name} answered in ${((test.latency_ms ?? 0) / 1_000).toFixed(1)} s`);
    else toast.error(`${provider.display_name}: ${test.error ?? "no answer"}`, { id: `test-${provider.id}` });
  }

  return { results, run };
}
