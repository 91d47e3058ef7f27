/** What the workspace agent reads of AGENTS.md and skills, on real files. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readInstructions, readSkillTool } from "@/lib/workspaces/agent/instructions";
import { createTemporaryDirectory } from "../support/temporary-directory";

async function workspace(files: Record<string, string | Buffer>) {
  const base = await createTemporaryDirectory();
  const roots = { workspaceDir: join(base, "w"), outputDir: join(base, "o") };
  await Promise.all([mkdir(roots.workspaceDir), mkdir(roots.outputDir)]);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(roots.workspaceDir, path)), { recursive: true });
    await writeFile(join(roots.workspaceDir, path), content);
  }
  return roots;
}
const skill = (description: string, name?: string) =>
  `---\n${name ? `name: ${name}\n` : ""}description: ${description}\n---\n\nDo it so.\n`;

describe("AGENTS.md", () => {
  test("is read without its comments and with one kind of line end", async () => {
    const roots = await workspace({ "AGENTS.md": "# Rules\r\n<!-- for people\nonly -->\r\nUse tabs.\r\n" });
    expect((await readInstructions(roots)).agentsFile).toEqual({ text: "# Rules\n\nUse tabs.", isCut: false });
  });

  test("of more than 64 KiB is cut and says so, also in the middle of a character", async () => {
    const roots = await workspace({ "AGENTS.md": `x${"é".repeat(64 * 1024)}` });
    const { agentsFile } = await readInstructions(roots);
    expect(agentsFile?.isCut).toBe(true);
    expect(Buffer.byteLength(agentsFile?.text ?? "")).toBeLessThanOrEqual(64 * 1024);
    expect(agentsFile?.text).not.toContain("\uFFFD");
  });

  test.each([
    ["is missing", {}],
    ["is empty", { "AGENTS.md": "<!-- nothing -->\n" }],
    ["is binary", { "AGENTS.md": Buffer.from([1, 0, 2]) }],
    ["is a directory", { "AGENTS.md/x": "y" }],
  ])("that %s is none", async (_how, files) => {
    expect(await readInstructions(await workspace(files as Record<string, string>))).toEqual({
      agentsFile: null,
      skills: [],
    });
  });

  test("that leads out of the workspace is none", async () => {
    const roots = await workspace({});
    await symlink("/etc/hostname", join(roots.workspaceDir, "AGENTS.md"));
    expect((await readInstructions(roots)).agentsFile).toBeNull();
  });
});

describe("skills", () => {
  test("are found in three folders by their heads, the first of a name counts, sorted by name", async () => {
    const roots = await workspace({
      "skills/deploy/SKILL.md": skill("How we deploy."),
      ".agents/skills/deploy/SKILL.md": skill("Another."),
      ".agents/skills/write-docs/SKILL.md": skill('"Docs: the style"', "write-docs"),
      ".claude/skills/a1/SKILL.md": "---\nname: a1\ndescription: >\n  Folded over\n  two lines.\nlicense: x\n---\n",
      "skills/Bad_Name/SKILL.md": skill("no"),
      "skills/other-name/SKILL.md": skill("no", "not-this"),
      "skills/no-head/SKILL.md": "Just text.",
      "skills/no-file/README.md": "x",
    });
    expect((await readInstructions(roots)).skills).toEqual([
      { name: "a1", description: "Folded over two lines." },
      { name: "deploy", description: "How we deploy." },
      { name: "write-docs", description: "Docs: the style" },
    ]);
  });

  test("are read whole with the names of their files, and each file by its path", async () => {
    const roots = await workspace({
      "skills/deploy/SKILL.md": skill("How."),
      "skills/deploy/scripts/run.sh": "echo hi",
      "skills/deploy/.secret": "no",
    });
    expect(await readSkillTool(roots, { name: "deploy" })).toEqual({
      name: "deploy",
      path: "skills/deploy/SKILL.md",
      content: skill("How."),
      files: ["SKILL.md", "scripts/run.sh"],
    });
    expect(await readSkillTool(roots, { name: "deploy", path: "scripts/run.sh" })).toMatchObject({
      content: "echo hi",
    });
  });

  test.each([
    [{ name: "nope" }, /no skill named nope. The skills are: deploy/],
    [{ name: "deploy", path: "../../AGENTS.md" }, /not a file of a skill/],
    [{ name: "deploy", path: "/etc/passwd" }, /not a file of a skill/],
    [{ name: "deploy", path: ".secret" }, /not a file of a skill/],
    [{ name: "deploy", path: "missing.md" }, /missing.md/],
    [{ name: "deploy", path: "link" }, /outside/],
    [{}, /name/],
  ])("refuse %j in words", async (args, words) => {
    const roots = await workspace({ "skills/deploy/SKILL.md": skill("How."), "skills/deploy/.secret": "x" });
    await symlink("/etc/hostname", join(roots.workspaceDir, "skills/deploy/link"));
    await expect(readSkillTool(roots, args)).rejects.toThrow(words);
  });

  test("without a workspace's any say so", async () => {
    await expect(readSkillTool(await workspace({}), { name: "x" })).rejects.toThrow(/has none/);
  });
});
