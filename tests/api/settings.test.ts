import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createTestApi } from "../support/api";
import { insertModelConfig } from "../support/rows";

const api = await createTestApi();
const admin = await api.asAdmin();
const member = await api.asMember();
const ALL_ON = { done: true, needs_input: true, error: true, limit: true };

describe("a person's settings", () => {
  test("have defaults, keep what a change leaves out, and are nobody else's", async () => {
    expect((await member.get("/settings/me")).body).toEqual({
      personal_prompt: "",
      compaction_thresholds: {},
      notifications: ALL_ON,
    });
    const model = await insertModelConfig(api.sql);
    await member.put("/settings/me", { personal_prompt: "Answer in French." });
    await member.put("/settings/me", { compaction_thresholds: { [model]: 55 } });
    await member.put("/settings/me", { notifications: { done: false } });
    const answer = await member.put("/settings/me", { notifications: { limit: false } });
    expect(answer.body).toEqual({
      personal_prompt: "Answer in French.",
      compaction_thresholds: { [model]: 55 },
      notifications: { ...ALL_ON, done: false, limit: false },
    });
    expect((await member.get("/settings/me")).body).toEqual(answer.body);
    expect((await admin.get("/settings/me")).body.personal_prompt).toBe("");
    expect((await member.put("/settings/me", { compaction_thresholds: {} })).body.compaction_thresholds).toEqual({});
  });

  test("have no threshold for a model that never was", async () => {
    const body = { personal_prompt: "lost", compaction_thresholds: { [randomUUID()]: 55 } };
    expect((await member.put("/settings/me", body)).status).toBe(422);
    expect((await member.get("/settings/me")).body.personal_prompt).not.toBe("lost");
  });

  test.each([
    { personal_prompt: "x".repeat(16_385) },
    { personal_prompt: "a\0b" },
    { compaction_thresholds: { "not-an-id": 50 } },
    { compaction_thresholds: { [randomUUID()]: 0 } },
    { compaction_thresholds: { [randomUUID()]: 101 } },
    { notifications: { sometimes: true } },
    { theme: "dark" },
  ])("refuse what is wrong: %j", async (body) => {
    expect((await member.put("/settings/me", body)).status).toBe(400);
  });
});

describe("the installation's settings", () => {
  test("are an administrator's, with defaults, and keep what a change leaves out", async () => {
    expect((await member.get("/settings")).status).toBe(403);
    expect((await member.put("/settings", { system_prompt: "mine" })).status).toBe(403);
    expect((await admin.get("/settings")).body).toEqual({
      system_prompt: "",
      include_default_system_prompt: true,
      plan_instructions: "",
    });
    await admin.put("/settings", { system_prompt: "House rules.", include_default_system_prompt: false });
    const answer = await admin.put("/settings", { plan_instructions: "Name the risks." });
    expect(answer.body).toEqual({
      system_prompt: "House rules.",
      include_default_system_prompt: false,
      plan_instructions: "Name the risks.",
    });
    expect((await admin.get("/settings")).body).toEqual(answer.body);
  });

  test("hold 128 KiB of system prompt, counted in bytes", async () => {
    const most = "x".repeat(128 * 1024);
    expect((await admin.put("/settings", { system_prompt: most })).status).toBe(200);
    expect((await admin.put("/settings", { system_prompt: `${most}x` })).status).toBe(400);
    expect((await admin.put("/settings", { system_prompt: "é".repeat(64 * 1024 + 1) })).status).toBe(400);
  });
});
