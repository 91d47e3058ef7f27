import { expect, test } from "vitest";
import { readHeadline } from "@/db/queries/chat-search";
import { fillSearch, findUnfilled } from "@/db/queries/search-fill";
import type { SearchHit } from "@/lib/contract/chat-search";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertMessage, insertModelConfig } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

const say = (chatId: string, text: string, rest = {}) =>
  insertMessage(api.sql, { chatId, parts: [{ type: "text", text }], ...rest });
async function search(q: string, client = ada): Promise<SearchHit[]> {
  for (;;) {
    const { chatIds } = await findUnfilled(api.sql, { afterId: "00000000-0000-0000-0000-000000000000", limit: 1000 });
    if (chatIds.length === 0) break;
    await fillSearch(api.sql, { chatIds });
  }
  const answer = await client.get(`/chats/search?q=${encodeURIComponent(q)}`);
  expect(answer.status).toBe(200);
  return answer.body;
}
/** As a commit does. */
const moved = (chatId: string) =>
  api.sql`UPDATE chat_runs SET history_version = history_version + 1 WHERE chat_id = ${chatId}`;
const ids = (hits: SearchHit[]) => hits.map((hit) => hit.message_id);

test("words are found in messages by their stem, newest first, with a snippet that marks them", async () => {
  const chat = await createChatAs(ada);
  const first = await say(chat.id, "The zeppelins were flying over the harbour.");
  const second = await say(chat.id, "One zeppelin landed.");
  await moved(chat.id);
  const hits = await search("zeppelin");
  expect(ids(hits)).toEqual([second, first]);
  expect(hits[1]).toMatchObject({ role: "assistant", chat: { id: chat.id, status: "pending" } });
  const [mark] = hits[1]!.highlights;
  expect(hits[1]!.snippet.slice(mark!.start, mark!.end)).toBe("zeppelins");
  expect(ids(await search("zeppelin harbour"))).toEqual([first]);
  expect(ids(await search('"flying over"'))).toEqual([first]);
  expect(ids(await search("zepp"))).toEqual([second, first]);
  expect(await search("zeppelin submarine")).toEqual([]);
});

test("what a compaction put out of the model's sight is found, what was taken back or is for the model alone is not", async () => {
  const chat = await createChatAs(ada);
  const old = await say(chat.id, "A marmalade from before the summary.");
  await say(chat.id, "marmalade in the summary", { role: "user", visibility: "model", compressed: true });
  const gone = await say(chat.id, "marmalade taken back");
  await moved(chat.id);
  expect(ids(await search("marmalade"))).toEqual([gone, old]);
  await api.sql`UPDATE chat_messages SET deleted = true WHERE chat_id = ${chat.id} AND id = ${gone}`;
  expect(ids(await search("marmalade"))).toEqual([old]);
});

test("titles are found too, also after they changed, and filters narrow both", async () => {
  const chat = await createChatAs(ada);
  await ada.patch(`/chats/${chat.id}`, { title: "Repair the gondola", labels: { team: "core" } });
  expect(await search("gondola")).toMatchObject([{ message_id: null, role: null, snippet: "Repair the gondola" }]);
  await ada.patch(`/chats/${chat.id}`, { title: "Paint the funicular" });
  expect(await search("gondola")).toEqual([]);
  expect(await search("funicular label:team=core")).toHaveLength(1);
  expect(await search("funicular label:team=web")).toEqual([]);
  expect(await search("funicular status:error")).toEqual([]);
});

test("nobody finds what another person wrote", async () => {
  const chat = await createChatAs(ada);
  await say(chat.id, "secret hedgehog");
  await moved(chat.id);
  expect(await search("hedgehog")).toHaveLength(1);
  expect(await search("hedgehog", await api.asMember())).toEqual([]);
  expect(await search(`hedgehog owner:${ada.user.id}`.replace(":", " "), await api.asMember())).toEqual([]);
});

test("a chat of many messages is filled in several statements, and a huge message does not stop it", async () => {
  const chat = await createChatAs(ada);
  for (let index = 0; index < 205; index += 1) await say(chat.id, `walrus ${index}`);
  const huge = await say(chat.id, `${"lorem ipsum ".repeat(100_000)} walrus`);
  const last = await say(chat.id, "the last walrus");
  await moved(chat.id);
  expect(await fillSearch(api.sql, { chatIds: [chat.id] })).toEqual([chat.id]);
  expect(ids(await search("walrus"))[0]).toBe(last);
  expect(ids(await search("ipsum"))).toEqual([huge]);
});

test.each(["", "   ", "nonsense:x", "status:sleeping"])("%j is refused or finds nothing", async (q) => {
  const answer = await ada.get(`/chats/search?q=${encodeURIComponent(q)}`);
  expect([answer.status === 400, answer.status === 200 && answer.body.length === 0]).toContain(true);
});

test("hostile words are words", async () => {
  for (const q of ["a & | ! b", "'); DROP TABLE chats; --", ":*", "\\", "\u{1f600}", '"', "the", "<-> x:y"]) {
    expect((await ada.get(`/chats/search?q=${encodeURIComponent(q)}`)).status, q).toBeLessThan(500);
  }
  expect((await ada.get("/chats/search")).status).toBe(400);
});

test("marks in a text that has them itself are no places", () => {
  expect(readHeadline("a \ue000b\ue001 c \ue000d\ue001")).toEqual({
    snippet: "a b c d",
    highlights: [
      { start: 2, end: 3 },
      { start: 6, end: 7 },
    ],
  });
});
