import { expect, test } from "vitest";

test("the layer rules are enforced here", () => {
  expect(true).toBe(true);
});
