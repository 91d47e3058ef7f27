/** A real library as a git repository, with the two mistakes that a careless change put into it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `mime` 1.6.0 (MIT) carries its own tests, which need no other package: `npm test` runs `node src/test.js`. */
const library = dirname(fileURLToPath(import.meta.resolve("mime/package.json")));

const GOOD = "var ext = path.replace(/^.*[\\.\\/\\\\]/, '').toLowerCase();";
const BROKEN = "var ext = path.replace(/^.*[\\.\\/]/, '');";

/** Makes the repository, on branch `main`, in a directory that does not exist yet. Returns its address. */
export function createBrokenLibrary(directory: string): string {
  mkdirSync(directory, { recursive: true });
  cpSync(library, directory, { recursive: true });
  rmSync(join(directory, "node_modules"), { recursive: true, force: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Robin", "-c", "user.email=robin@example.test", ...args], { cwd: directory });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "mime 1.6.0");
  const file = join(directory, "mime.js");
  const source = readFileSync(file, "utf8");
  if (!source.includes(GOOD)) throw new Error(`${file} does not hold the line that is to be broken.`);
  writeFileSync(file, source.replace(GOOD, BROKEN));
  git("commit", "--quiet", "--all", "--message", "Simplify lookup");
  return `file://${directory}`;
}
