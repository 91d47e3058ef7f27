import { describe, expect, test } from "vitest";
import { type ChatNews, reduceChatList } from "@/components/agents-sidebar/chat-list-state";
import { listRoots } from "@/components/agents-sidebar/chat-pages";
import { type ListFilter, NO_FILTER } from "@/components/agents-sidebar/list-filter";
import type { Chat } from "@/lib/contract/chats";
import type { WatchKind } from "@/lib/contract/events";
import { makeChat, makePages } from "./chats";

type View = { filter: ListFilter; openChatId: string | null };
const active: View = { filter: NO_FILTER, openChatId: null };
const archivedView: View = { filter: { ...NO_FILTER, archive: "archived" }, openChatId: null };
const news = (kind: WatchKind, chat: Chat): ChatNews => ({ type: "chat", kind, chat });
const ids = (pages: ReturnType<typeof makePages>) => pages.pages.map((page) => page.chats.map((chat) => chat.id));

describe("a created chat", () => {
  test("comes once, on the first page, however many pages are loaded", () => {
    const pages = makePages([makeChat({ id: "a" })], [makeChat({ id: "b" })], [makeChat({ id: "c" })]);
    const added = reduceChatList(pages, news("created", makeChat({ id: "d" })), active);
    expect(ids(added)).toEqual([["d", "a"], ["b"], ["c"]]);
    expect(ids(reduceChatList(added, news("created", makeChat({ id: "d" })), active))).toEqual([
      ["d", "a"],
      ["b"],
      ["c"],
    ]);
  });

  test("that is on the third page already is renewed there", () => {
    const pages = makePages([makeChat({ id: "a" })], [makeChat({ id: "b" })], [makeChat({ id: "c" })]);
    const renewed = reduceChatList(pages, news("created", makeChat({ id: "c", title: "New" })), active);
    expect(ids(renewed)).toEqual([["a"], ["b"], ["c"]]);
    expect(renewed.pages[2]?.chats[0]?.title).toBe("New");
  });

  test("that is a subagent goes under its root and takes no row", () => {
    const pages = makePages([makeChat({ id: "a" })]);
    const child = makeChat({ id: "k", root_chat_id: "a", parent_chat_id: "a" });
    const added = reduceChatList(pages, news("created", child), active);
    expect(ids(added)).toEqual([["a"]]);
    expect(added.pages[0]?.chats[0]?.children.map((chat) => chat.id)).toEqual(["k"]);
    expect(reduceChatList(added, news("created", child), active)).toBe(added);
  });

  test("whose root is not loaded never shows as a root", () => {
    const pages = makePages([makeChat({ id: "a" })]);
    expect(reduceChatList(pages, news("created", makeChat({ id: "k", root_chat_id: "z" })), active)).toBe(pages);
  });

  test("after an unarchiving leaves the archived list", () => {
    const pages = makePages([makeChat({ id: "a", archived: true })]);
    const view = archivedView;
    expect(ids(reduceChatList(pages, news("created", makeChat({ id: "a" })), view))).toEqual([[]]);
  });
});

describe("a deleted (archived) chat", () => {
  const child = makeChat({ id: "k", root_chat_id: "a", parent_chat_id: "a" });
  const root = makeChat({ id: "a", children: [child] });

  test("takes its whole tree in one step, also a member that stands elsewhere", () => {
    const stray = makeChat({ id: "s", root_chat_id: "a" });
    const pages = makePages([root, makeChat({ id: "b" })], [stray]);
    expect(ids(reduceChatList(pages, news("deleted", root), active))).toEqual([["b"], []]);
  });

  test("keeps the paging where it was", () => {
    const pages = makePages([makeChat({ id: "b" }), root]);
    expect(reduceChatList(pages, news("deleted", root), active).pages[0]?.nextAfterId).toBe("a");
  });

  test("that is a subagent leaves its root alone", () => {
    const pages = makePages([root]);
    const reduced = reduceChatList(pages, news("deleted", child), active);
    expect(ids(reduced)).toEqual([["a"]]);
    expect(reduced.pages[0]?.chats[0]?.children).toEqual([]);
  });

  test("appears in the archived list with its tree flipped", () => {
    const reduced = reduceChatList(makePages([]), news("deleted", root), archivedView);
    expect(reduced.pages[0]?.chats[0]).toMatchObject({
      id: "a",
      archived: true,
      children: [{ id: "k", archived: true }],
    });
  });
});

describe("each kind changes its own fields", () => {
  const known = makeChat({
    id: "a",
    title: "Title",
    last_turn_summary: "Summary",
    snapshot_version: 5,
    updated_at: "2026-11-23T10:00:00.000002Z",
  });
  const pages = makePages([known]);
  const patched = (kind: WatchKind, fields: Partial<Chat>, view = active) =>
    reduceChatList(pages, news(kind, { ...known, ...fields }), view).pages[0]?.chats[0];

  test("a status keeps a newer title and summary", () => {
    const chat = patched("status_change", {
      status: "running",
      title: "Old",
      last_turn_summary: "Old",
      snapshot_version: 6,
    });
    expect(chat).toMatchObject({
      status: "running",
      title: "Title",
      last_turn_summary: "Summary",
      snapshot_version: 6,
    });
  });

  test("a status of a lower version is ignored", () => {
    expect(
      reduceChatList(pages, news("status_change", { ...known, status: "running", snapshot_version: 4 }), active),
    ).toBe(pages);
  });

  test("a title applies although its snapshot is older", () => {
    expect(patched("title_change", { title: "New", status: "running", snapshot_version: 2 })).toMatchObject({
      title: "New",
      status: "waiting",
      snapshot_version: 5,
    });
  });

  test("a summary changes only the summary", () => {
    expect(patched("summary_change", { last_turn_summary: "New", title: "Old" })).toMatchObject({
      title: "Title",
      last_turn_summary: "New",
    });
  });

  test("a step of a subagent shows what it does now and that it is stuck, unless it was overtaken", () => {
    const step = {
      progress: { doing: "npm test", last_step_at: null },
      stuck: true,
      deadline_at: "2026-11-23T11:00:00Z",
    };
    expect(patched("summary_change", step)).toMatchObject(step);
    expect(patched("summary_change", { ...step, snapshot_version: 4 })).toBe(known);
  });

  test("a read mark set in another tab comes with the summary, unless it was overtaken", () => {
    expect(patched("summary_change", { has_unread: true })).toMatchObject({ has_unread: true });
    expect(
      patched("summary_change", { has_unread: true, snapshot_version: 2, last_turn_summary: "New" }),
    ).toMatchObject({
      has_unread: false,
    });
  });

  test("a pull request changes only the pull request", () => {
    const diff = { pull_request_state: "open" as const, pr_number: 7 };
    expect(patched("diff_status_change", { diff_status: diff, title: "Old" })).toMatchObject({
      title: "Title",
      diff_status: diff,
    });
  });

  test("the time never goes back, to the microsecond", () => {
    expect(patched("title_change", { title: "New", updated_at: "2026-11-23T10:00:00.000001Z" })?.updated_at).toBe(
      known.updated_at,
    );
    expect(patched("title_change", { updated_at: "2026-11-23T10:00:00.00001Z" })?.updated_at).toBe(
      "2026-11-23T10:00:00.00001Z",
    );
  });

  test("the open chat is never marked unread", () => {
    const fields = { has_unread: true, snapshot_version: 6 };
    expect(patched("status_change", fields)?.has_unread).toBe(true);
    expect(patched("status_change", fields, { filter: NO_FILTER, openChatId: "a" })?.has_unread).toBe(false);
  });

  test("an error is shown and cleared again", () => {
    const error = {
      kind: "auth" as const,
      message: "Refused",
      provider: null,
      status_code: 401,
      retryable: false,
      detail: null,
    };
    const failed = reduceChatList(
      pages,
      news("status_change", { ...known, status: "error", last_error: error, snapshot_version: 6 }),
      active,
    );
    expect(failed.pages[0]?.chats[0]?.last_error?.message).toBe("Refused");
    const recovered = reduceChatList(failed, news("status_change", { ...known, snapshot_version: 7 }), active);
    expect(recovered.pages[0]?.chats[0]).toMatchObject({ status: "waiting", last_error: null });
  });

  test("a subagent is changed where it is", () => {
    const tree = makePages([{ ...known, children: [makeChat({ id: "k", root_chat_id: "a" })] }]);
    const reduced = reduceChatList(
      tree,
      news("status_change", makeChat({ id: "k", root_chat_id: "a", status: "completed", snapshot_version: 2 })),
      active,
    );
    expect(reduced.pages[0]?.chats[0]?.children[0]?.status).toBe("completed");
  });
});

describe("nothing renders for nothing", () => {
  const diff = { pull_request_state: "open" as const, pr_number: 7, refreshed_at: "1", stale_at: "2" };
  const pages = makePages([makeChat({ id: "a", diff_status: diff })], [makeChat({ id: "b" })]);

  test("an event that changes nothing returns the same object", () => {
    for (const kind of ["status_change", "title_change", "summary_change", "action_required"] as const) {
      expect(reduceChatList(pages, news(kind, makeChat({ id: "a", diff_status: diff })), active)).toBe(pages);
    }
  });

  test("a poll that only moved its own times returns the same object", () => {
    const polled = makeChat({ id: "a", diff_status: { ...diff, refreshed_at: "8", stale_at: "9" } });
    expect(reduceChatList(pages, news("diff_status_change", polled), active)).toBe(pages);
  });

  test("other pages and rows keep their identity", () => {
    const reduced = reduceChatList(pages, news("title_change", makeChat({ id: "b", title: "New" })), active);
    expect(reduced.pages[0]).toBe(pages.pages[0]);
    expect(reduced.pages[1]).not.toBe(pages.pages[1]);
  });

  test("an event about a chat that is not loaded changes nothing", () => {
    expect(reduceChatList(pages, news("title_change", makeChat({ id: "z" })), active)).toBe(pages);
  });
});

test("a row that two pages hold is listed once", () => {
  const pages = makePages(
    [makeChat({ id: "a" }), makeChat({ id: "b" })],
    [makeChat({ id: "b" }), makeChat({ id: "c" })],
  );
  expect(listRoots(pages).map((chat) => chat.id)).toEqual(["a", "b", "c"]);
});
