/**
 * What the workspace tells its agent: AGENTS.md and the skills it holds, and the tool `read_skill`.
 * Reads through the same doors as every tool; a file that cannot be read is left out, never an error.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspaceInstructions, WorkspaceSkill } from "@/lib/contract/workspace-agent";
import { requireText } from "./arguments";
import { parseFrontMatter } from "./front-matter";
import { findPath, openFile, type Roots } from "./paths";
import { storable } from "./text";
import { ToolError } from "./tool-error";

const AGENTS_FILE = "AGENTS.md";
/** Of AGENTS.md and of each file of a skill: 16,000 tokens. */
const MAX_FILE_BYTES = 64 * 1024;
/** Where skills are looked for; of two of the same name the first counts. */
const SKILL_FOLDERS = ["skills", ".agents/skills", ".claude/skills"];
const MAX_SKILLS = 100;
const MAX_DESCRIPTION_CHARACTERS = 1_024;
const MAX_LISTED_FILES = 200;
const SKILL_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Answers `/instructions`. */
export async function readInstructions(roots: Roots): Promise<WorkspaceInstructions> {
  const [agentsFile, skills] = await Promise.all([readAgentsFile(roots), listSkills(roots)]);
  return { agentsFile, skills: skills.map(({ name, description }) => ({ name, description })) };
}

async function readAgentsFile(roots: Roots): Promise<WorkspaceInstructions["agentsFile"]> {
  const read = await readText(roots, AGENTS_FILE).catch(() => null);
  if (!read) return null;
  const text = read.text
    .replaceAll("\r\n", "\n")
    .replaceAll(/<!--[\s\S]*?(-->|$)/g, "")
    .trim();
  return text === "" ? null : { text, isCut: read.isCut };
}

type FoundSkill = WorkspaceSkill & { folder: string };

async function listSkills(roots: Roots): Promise<FoundSkill[]> {
  const found = new Map<string, FoundSkill>();
  for (const folder of SKILL_FOLDERS) {
    for (const name of await listNames(roots, folder)) {
      if (found.size >= MAX_SKILLS) break;
      const skill = found.has(name) ? null : await readSkillHead(roots, { name, folder: join(folder, name) });
      if (skill) found.set(name, skill);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listNames(roots: Roots, folder: string): Promise<string[]> {
  try {
    const { real } = await findPath(roots, folder, "read");
    return (await readdir(real)).filter((name) => SKILL_NAME.test(name)).sort();
  } catch {
    return [];
  }
}

/** Its name is its folder's; one that calls itself something else is somebody's mistake and left out. */
async function readSkillHead(
  roots: Roots,
  { name, folder }: { name: string; folder: string },
): Promise<FoundSkill | null> {
  const read = await readText(roots, join(folder, "SKILL.md")).catch(() => null);
  const head = read && parseFrontMatter(read.text);
  if (!head?.description || (head.name !== undefined && head.name !== name)) return null;
  return { name, folder, description: head.description.slice(0, MAX_DESCRIPTION_CHARACTERS) };
}

type SkillFile = { name: string; path: string; content: string; files?: string[]; note?: string };

/** @throws ToolError for an unknown skill, a path outside it, and files that cannot be read as text. */
export async function readSkillTool(roots: Roots, args: Record<string, unknown>): Promise<SkillFile> {
  const name = requireText(args, "name");
  const path = args.path === undefined ? "SKILL.md" : requireText(args, "path");
  if (path.startsWith("/") || path.split("/").some((segment) => segment === "" || segment.startsWith("."))) {
    throw new ToolError(`${path} is not a file of a skill: give a path below its folder, without hidden names.`);
  }
  const skills = await listSkills(roots);
  const skill = skills.find((each) => each.name === name);
  if (!skill) {
    const names = skills.map((each) => each.name).join(", ");
    throw new ToolError(
      `There is no skill named ${name}. ${names ? `The skills are: ${names}.` : "This workspace has none."}`,
    );
  }
  const file = join(skill.folder, path);
  const { text, isCut } = await readText(roots, file);
  return {
    name,
    path: file,
    content: text,
    ...(path === "SKILL.md" && { files: await listFiles(roots, skill.folder) }),
    ...(isCut && { note: `Only the first ${MAX_FILE_BYTES} bytes are shown; read the rest with read_file.` }),
  };
}

async function listFiles(roots: Roots, folder: string): Promise<string[]> {
  const { real } = await findPath(roots, folder, "read");
  const entries = await readdir(real, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(real.length + 1));
  return names
    .filter((name) => !name.split("/").some((segment) => segment.startsWith(".")))
    .sort()
    .slice(0, MAX_LISTED_FILES);
}

async function readText(roots: Roots, path: string): Promise<{ text: string; isCut: boolean }> {
  const handle = await openFile(await findPath(roots, path, "read"));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_FILE_BYTES + 1), 0, MAX_FILE_BYTES + 1, 0);
    const bytes = buffer.subarray(0, Math.min(bytesRead, MAX_FILE_BYTES));
    if (bytes.includes(0)) throw new ToolError(`${path} is a binary file.`);
    const isCut = bytesRead > MAX_FILE_BYTES;
    const text = bytes.toString("utf8");
    // A character that the limit cut through.
    return { text: storable(isCut ? text.replace(/\uFFFD$/, "") : text), isCut };
  } finally {
    await handle.close();
  }
}
