import { describe, expect, test } from "vitest";
import {
  knownBranches,
  knownRepositories,
  shortRepository,
  toPlaceRequest,
  toRepositoryAddress,
} from "@/components/chat/place";

describe("where a new agent works", () => {
  const fresh = { workspaceId: null, repository: "", branch: "", templateId: undefined };

  test("a workspace that is there says all, and a branch nothing without its repository", () => {
    const place = { ...fresh, repository: "https://x.example/a/b", branch: "fix", templateId: "t" };
    expect(toPlaceRequest({ ...place, workspaceId: "w" })).toEqual({ workspace_id: "w" });
    expect(toPlaceRequest(place)).toEqual({ repository: "https://x.example/a/b", branch: "fix", template_id: "t" });
    expect(toPlaceRequest({ ...fresh, branch: "fix" })).toEqual({});
  });

  test.each([
    [" harborline/ferry-api ", "https://github.com/harborline/ferry-api"],
    ["git@git.example.com:a/b.git", "https://git.example.com/a/b.git"],
    ["ssh://git@git.example.com/a/b", "https://git.example.com/a/b"],
    ["https://git.example.com/a/b", "https://git.example.com/a/b"],
    ["file:///srv/git/a", "file:///srv/git/a"],
    ["/srv/git/a", "/srv/git/a"],
    ["", ""],
  ])("the repository %j is %s", (typed, address) => {
    expect(toRepositoryAddress(typed)).toBe(address);
  });

  test("a repository's short name is its owner and name", () => {
    expect(shortRepository("https://git.example.com/harborline/ferry-api.git")).toBe("harborline/ferry-api");
  });

  test("what was used before is offered once, a branch beside its own repository", () => {
    const workspaces = ["one", "two", null].map((branch, index) => ({
      id: `${index}`,
      name: "w",
      repository: index === 1 ? "https://x.example/b" : "https://x.example/a",
      branch,
      status: "running" as const,
    }));
    expect(knownRepositories(["https://x.example/b"], workspaces)).toEqual([
      "https://x.example/b",
      "https://x.example/a",
    ]);
    expect(knownBranches("https://x.example/a", workspaces)).toEqual(["one"]);
  });
});
