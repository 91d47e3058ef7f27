import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { ChatNews } from "@/components/agents-sidebar/chat-list-state";
import { CHAT_LISTS } from "@/components/agents-sidebar/chat-pages";
import { findKnownChat, followOpenChat } from "@/components/agents-sidebar/kept-chat";
import { NO_FILTER } from "@/components/agents-sidebar/list-filter";
import type { Chat } from "@/lib/contract/chats";
import { makeChat, makePages } from "./chats";

const view = { filter: NO_FILTER, openChatId: "open" };
const news = (kind: ChatNews["kind"], chat: Chat): ChatNews => ({ type: "chat", kind, chat });
const withPull = (state: "open" | "merged") =>
  makeChat({ id: "open", title: "Old", diff_status: { pull_request_state: state, pr_number: 7 } });

test("an open chat that no list has loaded follows its pull request", () => {
  const client = new QueryClient();
  client.setQueryData([...CHAT_LISTS, ""], makePages([makeChat({ id: "a" })]));
  followOpenChat(client, news("diff_status_change", withPull("open")), view);
  expect(findKnownChat(client, "open")?.diff_status?.pull_request_state).toBe("open");
  followOpenChat(client, news("diff_status_change", { ...withPull("merged"), title: "Overtaken" }), view);
  expect(findKnownChat(client, "open")).toMatchObject({ title: "Old", diff_status: { pull_request_state: "merged" } });
});

test("other chats, and one that a list has, are left to the lists", () => {
  const client = new QueryClient();
  const listed = makeChat({ id: "open", title: "Listed" });
  client.setQueryData([...CHAT_LISTS, ""], makePages([listed]));
  followOpenChat(client, news("title_change", makeChat({ id: "open", title: "New" })), view);
  followOpenChat(client, news("title_change", makeChat({ id: "other" })), view);
  expect(findKnownChat(client, "open")).toBe(listed);
  expect(findKnownChat(client, "other")).toBeUndefined();
});
