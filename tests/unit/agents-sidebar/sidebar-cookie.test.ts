import { expect, test } from "vitest";
import { parseClosedSections } from "@/components/agents-sidebar/sidebar-cookie";

test("closed sections are read from the cookie, and what is unknown is left out", () => {
  expect(parseClosedSections("older.yesterday")).toEqual(["yesterday", "older"]);
  expect(parseClosedSections("older.<script>")).toEqual(["older"]);
  expect(parseClosedSections("")).toEqual([]);
  expect(parseClosedSections(undefined)).toEqual([]);
});
