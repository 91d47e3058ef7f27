import { describe, expect, test } from "vitest";
import { compareChats, compareTimes, groupChats } from "@/components/agents-sidebar/chat-groups";
import { chatIconLook } from "@/components/agents-sidebar/chat-icon";
import { archiveRefusal, chatSubtitle, hasDiffCounts } from "@/components/agents-sidebar/chat-subtitle";
import { followRest, shownSummary, startRest } from "@/components/agents-sidebar/fresh-summary";
import { elapsedText, findStuckTitle, isStuckNow } from "@/components/agents-sidebar/subagent-deadline";
import { CHAT_STATUSES } from "@/lib/contract/chat-status";
import { makeChat } from "./chats";

describe("the icon", () => {
  test.each([
    ["pending", "Queued"],
    ["running", "Working"],
    ["interrupting", "Stopping"],
    ["paused", "Needs you"],
    ["error", "Failed"],
    ["waiting", "Idle"],
    ["completed", "Done"],
  ] as const)("of %s says %s", (status, label) => {
    expect(chatIconLook({ status, diff_status: null }).label).toBe(label);
  });

  test.each([
    ["open", false, "Pull request open", "text-pr-open"],
    ["open", true, "Draft pull request", "text-pr-draft"],
    ["merged", false, "Pull request merged", "text-pr-merged"],
    ["closed", true, "Pull request closed", "text-pr-closed"],
  ] as const)("of a pull request that is %s (draft: %s) says %s", (state, draft, label, color) => {
    const diff = { pull_request_state: state, pull_request_draft: draft };
    expect(chatIconLook({ status: "waiting", diff_status: diff })).toMatchObject({ label, color });
  });

  test("is the pull request's only in waiting and completed", () => {
    const shown = CHAT_STATUSES.filter(
      (status) => chatIconLook({ status, diff_status: { pull_request_state: "open" } }).label === "Pull request open",
    );
    expect(shown).toEqual(["waiting", "completed"]);
  });

  test("of a branch without a pull request is the status's", () => {
    expect(chatIconLook({ status: "waiting", diff_status: { git_branch: "b", additions: 3 } }).label).toBe("Idle");
  });
});

describe("a subagent", () => {
  const startMs = Date.parse("2026-11-23T10:00:00Z");
  const agent = makeChat({
    id: "k",
    status: "running",
    deadline_seconds: 1_800,
    deadline_at: "2026-11-23T10:30:00Z",
  });

  test("is stuck from its deadline on without an event, or as soon as the server says so", () => {
    const deadlineMs = startMs + 1_800_000;
    expect(isStuckNow(agent, deadlineMs - 1)).toBe(false);
    expect(isStuckNow(agent, deadlineMs)).toBe(true);
    expect(isStuckNow({ ...agent, stuck: true }, startMs)).toBe(true);
    expect(isStuckNow({ ...agent, status: "completed", stuck: true }, deadlineMs)).toBe(false);
    expect(isStuckNow({ ...agent, deadline_at: null, deadline_seconds: null }, deadlineMs)).toBe(false);
  });

  test("that is stuck is amber and says so, whatever its status", () => {
    expect(chatIconLook({ status: "running", diff_status: null, stuck: true })).toMatchObject({
      label: "Stuck",
      color: "text-warning",
      isTurning: false,
    });
  });

  test("that is stuck is named by the row of its root, which does not show its own", () => {
    const root = makeChat({ id: "r", status: "running", children: [{ ...agent, title: "Read the log" }] });
    expect(findStuckTitle(root, startMs)).toBeUndefined();
    const stuck = findStuckTitle(root, startMs + 1_800_000);
    expect(chatSubtitle(root, "Sonnet", stuck)).toEqual({ text: "Stuck: Read the log", tone: "warning" });
    expect(chatSubtitle({ ...root, status: "paused", pause_reason: "plan" }, "Sonnet", stuck).text).toMatch(/plan/);
  });

  test("says how much of its time is gone while it works, and past it", () => {
    expect(elapsedText(agent, startMs + 200_000)).toBe("3m of 30m");
    expect(elapsedText(agent, startMs + 2_520_000)).toBe("42m of 30m");
    expect(elapsedText({ ...agent, status: "completed" }, startMs)).toBeNull();
    expect(elapsedText({ ...agent, deadline_at: null, deadline_seconds: null }, startMs)).toBeNull();
  });
});

describe("the last turn's summary", () => {
  const chat = (status: "running" | "waiting", summary: string | null) =>
    makeChat({ id: "a", status, last_turn_summary: summary });
  const ended = followRest(startRest(chat("running", "Old")), chat("waiting", "Old"), 1_000);

  test("shows at once on a page that opens", () => {
    expect(shownSummary(startRest(chat("waiting", "Old")), chat("waiting", "Old"))).toBe("Old");
  });

  test("of the turn before is held back for 10 seconds from the end of a run", () => {
    expect(shownSummary(ended, chat("waiting", "Old"))).toBeNull();
    expect(ended.untilMs).toBe(11_000);
    expect(followRest(ended, chat("waiting", "Old"), 5_000)).toBe(ended);
    expect(shownSummary({ ...ended, stale: null }, chat("waiting", "Old"))).toBe("Old");
  });

  test("shows the moment that it is new", () => {
    expect(shownSummary(ended, chat("waiting", "New"))).toBe("New");
  });

  test("is held back anew at the end of the next run", () => {
    const running = followRest(ended, chat("running", "New"), 20_000);
    const next = followRest(running, chat("waiting", "New"), 30_000);
    expect(next).toEqual({ rests: true, stale: "New", untilMs: 40_000 });
  });
});

describe("the subtitle", () => {
  const error = {
    kind: "auth" as const,
    message: "Anthropic refused the key (401)",
    provider: null,
    status_code: 401,
    retryable: false,
    detail: null,
  };

  test("says what failed before anything else", () => {
    const chat = makeChat({ id: "a", status: "error", last_error: error, last_turn_summary: "Did it" });
    expect(chatSubtitle(chat, "Sonnet")).toEqual({ text: error.message, tone: "danger" });
  });

  test("says what it asks", () => {
    const chat = makeChat({ id: "a", status: "paused", pause_reason: "plan", last_turn_summary: "Did it" });
    expect(chatSubtitle(chat, "Sonnet").tone).toBe("warning");
  });

  test("says what it does now, then what it did, then its model", () => {
    expect(chatSubtitle(makeChat({ id: "a", status: "running", last_turn_summary: "Did it" }), "Sonnet").text).toBe(
      "Sonnet is working",
    );
    expect(chatSubtitle(makeChat({ id: "a", last_turn_summary: "Did it" }), "Sonnet").text).toBe("Did it");
    expect(chatSubtitle(makeChat({ id: "a" }), "Sonnet").text).toBe("Sonnet");
    expect(chatSubtitle(makeChat({ id: "a" }), undefined).text).toBe("Default model");
  });
});

test("an active chat, and a root with an active subagent, cannot be archived and say why", () => {
  const child = makeChat({ id: "k", root_chat_id: "a", status: "running" });
  expect(archiveRefusal(makeChat({ id: "a", status: "paused", pause_reason: "question" }))).toBe(
    "Stop the agent first",
  );
  expect(archiveRefusal(makeChat({ id: "a", children: [child] }))).toBe("Stop its subagents first");
  expect(archiveRefusal(makeChat({ id: "a", status: "error" }))).toBeNull();
});

test("counts belong to a linked diff that changes something", () => {
  expect(hasDiffCounts({ diff_status: { url: "https://x", additions: 1, deletions: 0 } })).toBe(true);
  expect(hasDiffCounts({ diff_status: { url: "https://x", additions: 0, deletions: 0 } })).toBe(false);
  expect(hasDiffCounts({ diff_status: { additions: 4 } })).toBe(false);
  expect(hasDiffCounts({ diff_status: null })).toBe(false);
});

describe("sections", () => {
  const nowMs = Date.parse("2026-11-23T00:30:00Z");
  const sectionsOf = (timeZone: string, ...times: string[]) =>
    groupChats(
      times.map((updated_at, index) => makeChat({ id: String(index), updated_at })),
      { nowMs, timeZone },
    ).map(({ group, chats }) => [group, chats.map((chat) => chat.id)]);

  test("follow the reader's days, not the server's", () => {
    const lateEvening = "2026-11-22T23:45:00Z";
    expect(sectionsOf("UTC", lateEvening)).toEqual([["yesterday", ["0"]]]);
    expect(sectionsOf("Europe/Berlin", lateEvening)).toEqual([["today", ["0"]]]);
    expect(sectionsOf("America/Los_Angeles", lateEvening)).toEqual([["today", ["0"]]]);
  });

  test("roll over seven days and leave empty ones out", () => {
    expect(sectionsOf("UTC", "2026-11-23T00:10:00Z", "2026-11-16T00:31:00Z", "2026-11-16T00:29:00Z")).toEqual([
      ["today", ["0"]],
      ["past_week", ["1"]],
      ["older", ["2"]],
    ]);
  });

  test("put pinned chats first whatever their age", () => {
    const chats = [makeChat({ id: "old", pinned: true, pin_order: 1, updated_at: "2020-01-01T00:00:00Z" })];
    expect(groupChats(chats, { nowMs, timeZone: "UTC" })[0]?.group).toBe("pinned");
  });
});

test("rows sort as the server sorts: pins by order, then time to the microsecond, then id", () => {
  const at = (id: string, updated_at: string, pin_order = 0) =>
    makeChat({ id, updated_at, pin_order, pinned: pin_order > 0 });
  const sorted = [
    at("a", "2026-11-23T10:00:00.1Z"),
    at("b", "2026-11-23T10:00:00.100001Z"),
    at("c", "2026-11-23T10:00:00.100001Z"),
    at("p2", "2026-11-23T11:00:00Z", 2),
    at("p1", "2020-11-23T11:00:00Z", 1),
  ].sort(compareChats);
  expect(sorted.map((chat) => chat.id)).toEqual(["p1", "p2", "c", "b", "a"]);
  expect(compareTimes("2026-11-23T10:00:00.1Z", "2026-11-23T10:00:00.12Z")).toBeLessThan(0);
});
