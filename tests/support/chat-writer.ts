/** A person, two models and a writer over a test database, with the hints it published. */
import type { Sql } from "postgres";
import type { ChatWriter } from "@/lib/chats/transition";
import { newId } from "@/lib/ids";
import type { Hint } from "@/lib/pubsub";

export async function createChatWriter(sql: Sql) {
  const hints: Hint[] = [];
  const pubsub = { publish: (hint: Hint) => hints.push(hint), subscribe: () => () => {}, close: async () => {} };
  const writer: ChatWriter = { sql, pubsub };
  const ownerId = newId();
  const providerId = newId();
  const modelConfigId = newId();
  const otherModelId = newId();
  await sql`INSERT INTO users (id, email, username) VALUES (${ownerId}, ${`${ownerId}@example.com`}, ${ownerId})`;
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${providerId}, 'anthropic', 'Anthropic')`;
  for (const id of [modelConfigId, otherModelId]) {
    await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, context_limit, compression_threshold)
      VALUES (${id}, ${providerId}, 'm', 'M', 200000, 70)`;
  }
  return { writer, hints, ownerId, modelConfigId, otherModelId };
}
