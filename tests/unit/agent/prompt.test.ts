import { expect, test } from "vitest";
import { createSystemPrompt } from "@/lib/agent/prompt";

const EMPTY = { repository: null, branch: null, chatPrompt: null, planInstructions: null, agentType: null };

test("the same facts make the same prompt, so that providers can cache it", () => {
  expect(createSystemPrompt(EMPTY)).toEqual(createSystemPrompt(EMPTY));
});

test("the repository and branch are named", () => {
  const prompt = createSystemPrompt({ ...EMPTY, repository: "https://example.com/a.git", branch: "main" });
  expect(prompt[1]).toContain("a clone of https://example.com/a.git, branch main.");
});

test("the chat's own instructions come last", () => {
  expect(createSystemPrompt({ ...EMPTY, chatPrompt: " Be kind. ", planInstructions: null }).at(-1)).toContain(
    "Be kind.",
  );
  expect(createSystemPrompt({ ...EMPTY, chatPrompt: "  ", planInstructions: null })).toHaveLength(2);
});

test("a subagent is told what it is, and one that explores that it only reads", () => {
  const last = (agentType: "general" | "explore") => createSystemPrompt({ ...EMPTY, agentType }).at(-1);
  expect(last("general")).toContain("a report that stands alone");
  expect(last("general")).not.toContain("run nothing");
  expect(last("explore")).toContain("run nothing");
});
