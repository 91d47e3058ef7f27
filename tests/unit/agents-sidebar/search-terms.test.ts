import { describe, expect, test } from "vitest";
import { formatSearch, pillProblem, pillValueLabel, takePill } from "@/components/agents-sidebar/search-terms";
import { typeAhead } from "@/components/agents-sidebar/use-tree-keys";
import { parseChatFilter } from "@/lib/contract/chat-filter";

describe("the search line", () => {
  test("takes a condition from the last word, finished or just begun", () => {
    expect(takePill("fix status:running")).toEqual({ text: "fix", pill: { key: "status", value: "running" } });
    expect(takePill("PR_STATUS:open")).toEqual({ text: "", pill: { key: "pr_status", value: "open" } });
    expect(takePill("repo:")).toEqual({ text: "", pill: { key: "repo", value: "" } });
    expect(takePill("see http://x")).toBeNull();
    expect(takePill("plain words")).toBeNull();
  });

  test("says what is wrong with a value", () => {
    expect(pillProblem({ key: "status", value: "asleep" })).toContain('"asleep" is none of');
    expect(pillProblem({ key: "has_unread", value: "true" })).toBeNull();
  });

  test("asks for words as words, also those with a colon, a quote or a backslash", () => {
    const q = formatSearch(String.raw`a:b "c" d\e`, [
      { key: "status", value: "error" },
      { key: "repo", value: "" },
    ]);
    expect(parseChatFilter(q)).toMatchObject({
      filter: { words: ["a:b", '"c"', String.raw`d\e`], statuses: ["error"], repositories: [] },
    });
  });
});

test("letters go to the next title that begins with them, repeated ones go on, a word stays where it holds", () => {
  const titles = ["Add", "Fix a", "Fix b", "Rename"];
  expect(typeAhead(titles, 0, "f")).toBe(1);
  expect(typeAhead(titles, 1, "ff")).toBe(2);
  expect(typeAhead(titles, 2, "f")).toBe(1);
  expect(typeAhead(titles, 1, "fix b")).toBe(2);
  expect(typeAhead(titles, 1, "fi")).toBe(1);
  expect(typeAhead(titles, 0, "z")).toBe(-1);
});

test("a condition's value reads as the list has it", () => {
  expect(pillValueLabel({ key: "status", value: "waiting" })).toBe("Idle");
  expect(pillValueLabel({ key: "pr_status", value: "merged" })).toBe("Merged");
  expect(pillValueLabel({ key: "has_unread", value: "false" })).toBe("No");
  expect(pillValueLabel({ key: "repo", value: "waiting" })).toBe("waiting");
});
