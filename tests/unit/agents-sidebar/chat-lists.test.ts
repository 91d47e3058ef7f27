import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { ChatPage } from "@/components/agents-sidebar/chat-pages";
import { parseListFilter } from "@/components/agents-sidebar/list-filter";
import { chatListKey, resyncChatLists, toChatPage } from "@/components/agents-sidebar/use-chat-list";
import { makeChat } from "./chats";

test("12: a resync never cancels a first load, and reads again what is loaded", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: ((page: ChatPage) => void)[] = [];
  let wasCancelled = false;
  const observer = new InfiniteQueryObserver(client, {
    queryKey: chatListKey(parseListFilter(new URLSearchParams())),
    queryFn: ({ signal }) => {
      signal.addEventListener("abort", () => {
        wasCancelled = true;
      });
      return new Promise<ChatPage>((resolve) => answers.push(resolve));
    },
    initialPageParam: null,
    getNextPageParam: (page: ChatPage) => page.nextAfterId,
  });
  const stop = observer.subscribe(() => {});
  const during = resyncChatLists(client);
  expect(answers).toHaveLength(1);
  answers[0]?.(toChatPage([makeChat({ id: "a" })]));
  await during;
  expect(wasCancelled).toBe(false);
  expect(observer.getCurrentResult().data?.pages[0]?.chats).toHaveLength(1);

  const after = resyncChatLists(client);
  expect(answers).toHaveLength(2);
  answers[1]?.(toChatPage([makeChat({ id: "a" }), makeChat({ id: "b" })]));
  await after;
  expect(observer.getCurrentResult().data?.pages[0]?.chats).toHaveLength(2);
  stop();
  client.clear();
});
