/** What the model sees of a chat, as a person changes it: summed up, cleared, taken back; and its name. */
import { describe, expect, test } from "vitest";
import { sealProviderKey } from "@/lib/models/provider-key";
import { createTestApi, type SignedInClient } from "../support/api";
import { reply } from "../support/model-reply";
import { startModelServer } from "../support/model-server";
import { insertChat, insertMessage, insertModelConfig } from "../support/rows";

const api = await createTestApi();
const { sql } = api;
const modelConfigId = await insertModelConfig(sql, { isDefault: true });

/** A chat with one answered message. */
async function memberWithHistory(state: { status?: "running" | "error"; archived?: boolean } = {}) {
  const member = await api.asMember();
  const chatId = await insertChat(sql, { ownerId: member.user.id, ...state });
  await sql`UPDATE chats SET last_model_config_id = ${modelConfigId} WHERE id = ${chatId}`;
  await insertMessage(sql, {
    chatId,
    role: "user",
    createdBy: member.user.id,
    parts: [{ type: "text", text: "Fix it." }],
  });
  await insertMessage(sql, { chatId });
  return { member, chatId };
}

const refusal = async (member: SignedInClient, path: string) => {
  const { status, body } = await member.post(path);
  return [status, body.code];
};
const rolesOf = async (member: SignedInClient, chatId: string) => {
  const { body } = await member.get(`/chats/${chatId}/messages`);
  return body.messages.map(({ role }: { role: string }) => role).reverse();
};

describe.each(["compact", "clear", "compact/undo"])("POST /chats/{id}/%s", (verb) => {
  test("is refused while the agent is busy, when it is archived, when there is nothing to do, and to strangers", async () => {
    const busy = await memberWithHistory({ status: "running" });
    expect(await refusal(busy.member, `/chats/${busy.chatId}/${verb}`)).toEqual([409, "conflict"]);
    const archived = await memberWithHistory({ archived: true });
    expect(await refusal(archived.member, `/chats/${archived.chatId}/${verb}`)).toEqual([409, "conflict"]);
    const empty = await insertChat(sql, { ownerId: busy.member.user.id });
    expect(await refusal(busy.member, `/chats/${empty}/${verb}`)).toEqual([409, "conflict"]);
    expect(await refusal(await api.asMember(), `/chats/${empty}/${verb}`)).toEqual([404, "not_found"]);
  });
});

test("a compaction is accepted, makes the chat want to run without a turn, and is refused twice", async () => {
  const { member, chatId } = await memberWithHistory();
  const { status, body } = await member.post(`/chats/${chatId}/compact`);
  expect([status, body.status]).toEqual([202, "pending"]);
  expect(api.hints.at(-1)).toMatchObject({ chatId, runnable: true });
  const [run] = await sql`SELECT request FROM chat_runs WHERE chat_id = ${chatId}`;
  expect(run?.request).toBe("compact");
  expect(await refusal(member, `/chats/${chatId}/compact`)).toEqual([409, "conflict"]);
});

test("a clearing is there at once, keeps all that people see, and is taken back with what it had put away", async () => {
  const { member, chatId } = await memberWithHistory();
  const cleared = await member.post(`/chats/${chatId}/clear`);
  expect([cleared.status, cleared.body.status]).toEqual([200, "waiting"]);
  expect(await rolesOf(member, chatId)).toEqual(["user", "assistant", "assistant", "tool"]);
  expect(await refusal(member, `/chats/${chatId}/clear`)).toEqual([409, "conflict"]);

  const back = await member.post(`/chats/${chatId}/compact/undo`);
  expect([back.status, back.body.status]).toEqual([200, "waiting"]);
  expect(await rolesOf(member, chatId)).toEqual(["user", "assistant"]);
  expect(await refusal(member, `/chats/${chatId}/compact/undo`)).toEqual([409, "conflict"]);
  expect((await member.post(`/chats/${chatId}/clear`)).status).toBe(200);
});

test("a title is written anew by a model, over a person's own; one that cannot be had is said", async () => {
  let isAway = true;
  const model = await startModelServer({
    script: reply.text("unused"),
    asides: () =>
      isAway ? reply.error(401, "authentication_error", "invalid x-api-key") : reply.text("Repair the cart"),
  });
  const { member, chatId } = await memberWithHistory();
  const [config] = await sql`SELECT provider_id AS id FROM chat_model_configs WHERE id = ${modelConfigId}`;
  const { apiKeyCiphertext } = sealProviderKey(api.runtime.secrets, {
    providerId: config?.id,
    apiKey: "sk-test-key-of-titles",
  });
  await sql`UPDATE chat_providers SET base_url = ${`${model.url}/v1`}, api_key_ciphertext = ${apiKeyCiphertext} WHERE id = ${config?.id}`;
  await member.patch(`/chats/${chatId}`, { title: "Mine" });

  const refused = await member.post(`/chats/${chatId}/title/regenerate`);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect((await member.get(`/chats/${chatId}`)).body.title).toBe("Mine");

  isAway = false;
  const { status, body } = await member.post(`/chats/${chatId}/title/regenerate`);
  expect([status, body.title]).toEqual([200, "Repair the cart"]);
  expect(await refusal(await api.asMember(), `/chats/${chatId}/title/regenerate`)).toEqual([404, "not_found"]);
  await model.close();
});
