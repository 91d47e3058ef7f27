import { expect, test } from "vitest";
import { modeAt, nextScrollMode } from "@/components/chat/scroll";

test("a move up detaches, however small", () => {
  expect(nextScrollMode({ mode: "following", previousTop: 0, top: -5 })).toBe("detached");
});

test("a move down that ends near the end follows again", () => {
  expect(nextScrollMode({ mode: "detached", previousTop: -200, top: -10 })).toBe("following");
});

test("a move down that ends far from the end stays detached", () => {
  expect(nextScrollMode({ mode: "detached", previousTop: -900, top: -300 })).toBe("detached");
});

test("what does not move changes nothing", () => {
  expect(nextScrollMode({ mode: "following", previousTop: 0, top: 0 })).toBe("following");
  expect(nextScrollMode({ mode: "detached", previousTop: -10, top: -10 })).toBe("detached");
});

test("a row that is brought into view detaches, unless the list is at its end all the same", () => {
  expect(modeAt(-300)).toBe("detached");
  expect(modeAt(0)).toBe("following");
});
