import { describe, expect, test } from "vitest";
import { type ChatNews, reduceChatList } from "@/components/agents-sidebar/chat-list-state";
import {
  clearResultFilters,
  describeFilter,
  formatListFilter,
  type ListFilter,
  matchesFilter,
  NO_FILTER,
  parseListFilter,
  toListQuery,
} from "@/components/agents-sidebar/list-filter";
import { parseChatFilter } from "@/lib/contract/chat-filter";
import type { Chat } from "@/lib/contract/chats";
import { makeChat, makePages } from "./chats";

const parse = (text: string) => parseListFilter(new URLSearchParams(text));
const merged = { url: "https://git.example.test/1", pull_request_state: "merged" } as const;

describe("the filter of an address", () => {
  test("is read back as it was written, in one order", () => {
    const text = "?archived=all&pr=open,merged&status=working,idle&unread=true";
    expect(formatListFilter(parse(text))).toBe(text);
    expect(formatListFilter(parse("?status=idle,working&pr=merged,open&unread=true&archived=all"))).toBe(text);
    expect(formatListFilter(parse(""))).toBe("");
  });

  test("leaves out what it does not know", () => {
    expect(parse("?archived=maybe&pr=%3Cscript%3E,open&status=,&unread=1")).toEqual({
      ...NO_FILTER,
      prStatuses: ["open"],
    });
  });

  test("is a query that the server can read", () => {
    const query = toListQuery(parse("?archived=true&pr=none,draft&status=working&unread=false"));
    expect(query).toEqual({
      archived: true,
      q: "pr_status:draft,none status:pending,running,interrupting has_unread:false",
    });
    expect(parseChatFilter(query.q ?? "")).toMatchObject({ filter: { hasUnread: false } });
    expect(toListQuery(NO_FILTER)).toEqual({ archived: false });
    expect(toListQuery(parse("?archived=all"))).toEqual({});
  });

  test("says in words what it is", () => {
    expect(describeFilter(parse("?archived=true&pr=none,merged&unread=true"))).toBe(
      "archived, merged, no pull request, unread",
    );
    expect(describeFilter(NO_FILTER)).toBe("");
  });
});

test("clearing filters clears the results' filters and leaves the archive's view", () => {
  expect(clearResultFilters(parse("?archived=true&pr=open&unread=true"))).toEqual({
    ...NO_FILTER,
    archive: "archived",
  });
});

describe("a list of filtered results", () => {
  const unread: ListFilter = { ...NO_FILTER, unread: true };
  const reduce = (filter: ListFilter, listed: Chat[], news: Omit<ChatNews, "type">, openChatId: string | null = null) =>
    reduceChatList(makePages(listed), { type: "chat", ...news }, { filter, openChatId }).pages.flatMap(({ chats }) =>
      chats.map((chat) => chat.id),
    );

  test("matches as the server does", () => {
    const chat = makeChat({ id: "a", status: "error", has_unread: true, diff_status: { ...merged } });
    expect(matchesFilter(parse("?pr=merged&status=failed&unread=true"), chat)).toBe(true);
    for (const other of ["?pr=none", "?status=idle", "?unread=false", "?archived=true"]) {
      expect(matchesFilter(parse(other), chat), other).toBe(false);
    }
  });

  test("takes in a chat that an event makes match", () => {
    const chat = makeChat({ id: "a", has_unread: true, snapshot_version: 2 });
    expect(reduce(unread, [], { kind: "status_change", chat })).toEqual(["a"]);
  });

  test("lets go of a chat that no longer matches, but not of the open one", () => {
    const listed = makeChat({ id: "a", has_unread: true });
    const news = { kind: "summary_change" as const, chat: makeChat({ id: "a", has_unread: false }) };
    expect(reduce(unread, [listed], news)).toEqual([]);
    expect(reduce(unread, [listed], news, "a")).toEqual(["a"]);
  });

  test("shows an archived chat where both are listed, flipped in place", () => {
    const all: ListFilter = { ...NO_FILTER, archive: "all" };
    const chat = makeChat({ id: "a", children: [makeChat({ id: "k", root_chat_id: "a" })] });
    const reduced = reduceChatList(
      makePages([chat]),
      { type: "chat", kind: "deleted", chat },
      { filter: all, openChatId: null },
    );
    expect(reduced.pages[0]?.chats[0]).toMatchObject({ id: "a", archived: true, children: [{ archived: true }] });
  });
});
