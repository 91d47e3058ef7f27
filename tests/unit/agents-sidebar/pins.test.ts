import { describe, expect, test } from "vitest";
import { reduceChatList } from "@/components/agents-sidebar/chat-list-state";
import { NO_FILTER } from "@/components/agents-sidebar/list-filter";
import { placeOfDrag } from "@/components/agents-sidebar/pin-drag";
import { closeUpPins, listPins, movePin, numberPins } from "@/components/agents-sidebar/pin-order";
import { makeChat, makePages } from "./chats";

const pin = (id: string, pin_order: number) => makeChat({ id, pinned: true, pin_order });
const order = (pages: ReturnType<typeof makePages>) => listPins(pages).map(({ id, pin_order }) => `${id}${pin_order}`);

describe("the order of pins", () => {
  const pages = makePages([pin("a", 1), pin("b", 2), pin("c", 3), makeChat({ id: "d" })]);

  test("after a move is numbered from 1, and rows that keep their place keep their identity", () => {
    const moved = numberPins(pages, movePin(["a", "b", "c"], "b", 0));
    expect(order(moved)).toEqual(["b1", "a2", "c3"]);
    expect(moved.pages[0]?.chats[2]).toBe(pages.pages[0]?.chats[2]);
  });

  test("makes room and closes up when another tab moved or unpinned one", () => {
    expect(order(closeUpPins(pages, { id: "a", pinned: true, pin_order: 3 }))).toEqual(["b1", "c2", "a3"]);
    const unpinned = reduceChatList(
      pages,
      { type: "chat", kind: "summary_change", chat: makeChat({ id: "a" }) },
      { filter: NO_FILTER, openChatId: null },
    );
    expect(order(unpinned)).toEqual(["b1", "c2"]);
  });

  test("does not flash back while a person moves it", () => {
    const moved = numberPins(pages, ["c", "a", "b"]);
    const reduced = reduceChatList(
      moved,
      { type: "chat", kind: "summary_change", chat: { ...pin("c", 3), last_turn_summary: "New" } },
      { filter: NO_FILTER, openChatId: null, isPinHeld: (id) => id === "c" },
    );
    expect(order(reduced)).toEqual(["c1", "a2", "b3"]);
  });
});

describe("a dragged row", () => {
  const boxes = [44, 44, 100, 44].map((height, index) => ({ top: [0, 44, 88, 188][index] ?? 0, height }));

  test("takes the place of a row when it covers its middle, however tall that is", () => {
    expect(placeOfDrag(boxes, 0, 0)).toBe(0);
    expect(placeOfDrag(boxes, 0, 22)).toBe(0);
    expect(placeOfDrag(boxes, 0, 23)).toBe(1);
    expect(placeOfDrag(boxes, 0, 94)).toBe(1);
    expect(placeOfDrag(boxes, 0, 95)).toBe(2);
    expect(placeOfDrag(boxes, 3, -51)).toBe(2);
    expect(placeOfDrag(boxes, 3, -5_000)).toBe(0);
  });
});
