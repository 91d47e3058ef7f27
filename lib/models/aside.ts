/**
 * A small question to a model beside a turn: one attempt, recorded and billed like any call. Its failure is an answer,
 * never an error of the chat.
 */
import type { Database, SqlExecutor } from "@/db/client";
import { type CallOwner, insertModelCall } from "@/db/queries/model-calls";
import { createModelPort } from "@/lib/agent/models/create-model";
import { priceCall } from "@/lib/agent/price";
import type { CallKind } from "@/lib/contract/costs";
import { partsText } from "@/lib/contract/parts-text";
import type { SecretBox } from "@/lib/secret-box";
import type { PresetEnv } from "./provider-key";
import { resolveSmallModel } from "./resolve-model";

export type AsideContext = { sql: SqlExecutor; db: Database; secrets: SecretBox; env: PresetEnv };

export type Aside = {
  kind: Extract<CallKind, "title" | "summary">;
  /** Whose bill it is. */
  owner: CallOwner;
  /** The chat's model, where no small one is configured. */
  modelConfigId: string | null;
  system: string;
  question: string;
  signal: AbortSignal;
};

/** Later than this nobody needs it. */
const DEADLINE_MS = 30_000;
/** A few words, and room for models that think first. */
const MAX_OUTPUT_TOKENS = 1_000;

/** What the model said, or why it said nothing. */
export type AsideAnswer = { text: string } | { reason: string };

/** Never throws for the model's sake; what the database throws comes through. */
export async function askAside(context: AsideContext, aside: Aside): Promise<AsideAnswer> {
  const { sql, db, secrets, env } = context;
  const { kind, owner, system, question } = aside;
  const resolved = await resolveSmallModel({ db, runtime: { secrets, env }, modelConfigId: aside.modelConfigId });
  if (!resolved.ok) return { reason: resolved.error.message };
  const { config, provider, apiKey } = resolved.model;
  const port = createModelPort({
    provider: provider.type,
    apiKey,
    baseUrl: provider.baseUrl,
    settings: provider.settings,
    model: config.model,
    options: { ...config.options, max_output_tokens: MAX_OUTPUT_TOKENS },
  });
  const messages = [{ role: "user" as const, parts: [{ type: "text" as const, text: question }] }];
  const signal = AbortSignal.any([aside.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const end = await port.stream({ system: [system], messages, tools: [] }, { onPart: () => {}, signal });
  if (end.usage) {
    const call = { kind, modelConfigId: config.id, provider: provider.type, model: config.model, usage: end.usage };
    await insertModelCall(sql, { ...owner, call: { ...call, ...priceCall(end.usage, config.pricing) } });
  }
  if (end.type === "failure") return { reason: end.failure.error.message };
  if (end.type === "aborted") return { reason: "It was stopped, or took too long." };
  return { text: partsText(end.parts) };
}
