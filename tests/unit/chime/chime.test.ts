import { describe, expect, test } from "vitest";
import { chimeOnce } from "@/components/chime/chime-once";
import { hasJustEnded } from "@/components/chime/just-ended";
import type { ChatStatus } from "@/lib/contract/chats";
import { chatFixture } from "../../support/chat-fixtures";

/** All tabs of a browser that hear of one agent; nobody lets go of its lock before all have asked. */
async function tellTabs(chatId: string, tabs: readonly { isLookedAt: boolean }[]): Promise<number> {
  let chimes = 0;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let asked = 0;
  const request = (name: string, options: LockOptions, work: LockGrantedCallback<void>) => {
    const answer = navigator.locks.request(name, options, work);
    asked += 1;
    if (asked === tabs.length) letGo();
    return answer;
  };
  const locks = { request: request as LockManager["request"] };
  const wait = (ms: number) => (ms < 1_000 ? new Promise<void>((resolve) => setImmediate(resolve)) : held);
  const play = () => {
    chimes += 1;
  };
  await Promise.all(tabs.map(({ isLookedAt }) => chimeOnce({ chatId, isLookedAt, play, locks, wait })));
  return chimes;
}

describe("32: an agent's end", () => {
  test("32: is a chime in one of all tabs", async () => {
    expect(await tellTabs("one", Array(12).fill({ isLookedAt: false }))).toBe(1);
  });

  test("is silent in all tabs while one of them shows the agent, whichever hears of it first", async () => {
    const hidden = Array(5).fill({ isLookedAt: false });
    expect(await tellTabs("first", [{ isLookedAt: true }, ...hidden])).toBe(0);
    expect(await tellTabs("last", [...hidden, { isLookedAt: true }])).toBe(0);
  });

  test("is told again at the next turn", async () => {
    for (let turn = 0; turn < 3; turn++) expect(await tellTabs("again", [{ isLookedAt: false }])).toBe(1);
  });

  test("is told by every tab for itself where the browser has no locks", async () => {
    let chimes = 0;
    const tab = { chatId: "alone", locks: undefined, play: () => (chimes += 1) };
    await chimeOnce({ ...tab, isLookedAt: true });
    await chimeOnce({ ...tab, isLookedAt: false });
    expect(chimes).toBe(1);
  });
});

describe("an event is an end", () => {
  const before = chatFixture({ status: "running", snapshot_version: 10 });
  const news = (status: ChatStatus, fields: Parameters<typeof chatFixture>[0] = {}) => ({
    type: "chat" as const,
    kind: "status_change" as const,
    chat: chatFixture({ status, snapshot_version: 11, ...fields }),
  });

  test.each(["waiting", "error", "paused", "completed"] as const)("when work becomes %s", (status) => {
    expect(hasJustEnded(before, news(status))).toBe(true);
  });

  test.each(["pending", "running", "interrupting"] as const)("not when it is %s still", (status) => {
    expect(hasJustEnded(before, news(status))).toBe(false);
  });

  test("not of a subagent, of an agent that rested, of one that is not known, or told twice", () => {
    expect(hasJustEnded(before, news("completed", { root_chat_id: "root" }))).toBe(false);
    expect(hasJustEnded({ ...before, status: "waiting" }, news("waiting"))).toBe(false);
    expect(hasJustEnded(undefined, news("waiting"))).toBe(false);
    expect(hasJustEnded(before, news("waiting", { snapshot_version: 10 }))).toBe(false);
  });
});
