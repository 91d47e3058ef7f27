/** What this machine offers to sandboxes: bubblewrap, the person's own tools, where they live. Changes nothing. */
import { execFileSync } from "node:child_process";
import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** The directories of a search path that are not ours: npm puts `node_modules/.bin` and its own in front. */
export const foreignSearchPath = (path: string): string[] =>
  path.split(delimiter).filter((folder) => folder.startsWith("/") && !folder.includes("node_modules"));

/** The first executable of that name, undefined when there is none. */
export function findExecutable(name: string, searchPath: readonly string[]): string | undefined {
  return searchPath.map((folder) => join(folder, name)).find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
}

/** Directories of the sandbox's PATH, and installation prefixes outside `/usr` that must be bound for them. */
export type Toolchain = { path: string[]; prefixes: string[] };

const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];
/** What a coding task needs first; where another version manager keeps them is found by following the executable. */
const TOOLS = ["node", "git", "python3", "go", "cargo", "java"];

/**
 * The person's own tools. One that lives outside `/usr` (nvm, /opt) is bound by its prefix, the parent of its `bin`,
 * and nothing else of a home directory.
 */
export function findToolchain(searchPath: readonly string[]): Toolchain {
  const prefixes = new Set<string>();
  const path: string[] = [];
  for (const tool of TOOLS) {
    const found = findExecutable(tool, searchPath);
    const real = found && realpathSync(found);
    if (!real || real.startsWith("/usr/") || real.startsWith("/bin/") || !dirname(real).endsWith("/bin")) continue;
    const prefix = dirname(dirname(real));
    if (isTooBroad(prefix)) continue;
    prefixes.add(prefix);
    if (!path.includes(dirname(real))) path.push(dirname(real));
  }
  return { path: [...path, ...SYSTEM_PATH], prefixes: [...prefixes] };
}

/** `/`, `/opt`, `/root`, `/home/me` and their dot directories (`~/.cargo`) hold secrets; a tool there is left out. */
const isTooBroad = (prefix: string): boolean => /^\/([^/]+|(home\/[^/]+|root)(\/\.[^/]+)?)?$/.test(prefix);

const INSTALL = "apt-get update && apt-get install -y bubblewrap";

export type Bubblewrap =
  /** The command line that bubblewrap's arguments follow. */
  { command: readonly string[]; problem: null } | { command: null; problem: string };

/** How bubblewrap isolates here, or why it cannot, with the command that helps. Runs it once or twice. */
export function findBubblewrap(searchPath: readonly string[]): Bubblewrap {
  const refuse = (problem: string): Bubblewrap => ({ command: null, problem });
  if (process.platform !== "linux")
    return refuse("Sandboxes need Linux with bubblewrap; this machine runs another system.");
  const bwrap = findExecutable("bwrap", searchPath);
  if (!bwrap) {
    return refuse(
      `bubblewrap is not installed, so tools are refused: they would not be isolated. Install it with: ${INSTALL}`,
    );
  }
  const plain = tryBubblewrap([bwrap]);
  if (plain === null) return { command: [bwrap], problem: null };
  // In a container whose own /proc is partly covered, a new one may be mounted only beside one that is not.
  const unshare = process.getuid?.() === 0 ? findExecutable("unshare", searchPath) : undefined;
  const besideWholeProc = unshare ? [unshare, "--mount-proc", bwrap] : undefined;
  if (besideWholeProc && tryBubblewrap(besideWholeProc) === null) return { command: besideWholeProc, problem: null };
  return refuse(`bubblewrap cannot make namespaces here, so tools are refused: ${plain}. ${namespaceAdvice()}`);
}

/** Its words when it fails, null when it works. */
function tryBubblewrap([command = "", ...prefix]: readonly string[]): string | null {
  try {
    const args = ["--unshare-all", "--ro-bind", "/usr", "/usr", ...libraryLinks(), "--proc", "/proc", "/usr/bin/true"];
    execFileSync(command, [...prefix, ...args], {
      env: {} as NodeJS.ProcessEnv,
      timeout: 10_000,
      stdio: ["ignore", "ignore", "pipe"],
    });
    return null;
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .slice(0, 300);
  }
}

/** Ubuntu 24.04 and later restrict user namespaces by AppArmor, older Debian by a setting of its own. */
function namespaceAdvice(): string {
  const settings = ["apparmor_restrict_unprivileged_userns=0", "unprivileged_userns_clone=1"];
  const known = settings.find((setting) => existsSync(`/proc/sys/kernel/${setting.split("=")[0]}`));
  return `Allow user namespaces, for example with: sysctl -w ${known ? `kernel.${known}` : "user.max_user_namespaces=15000"}`;
}

/** `/bin`, `/lib`, `/lib64` and so on, as the machine has them: links into `/usr`, or directories of their own. */
export function libraryLinks(): string[] {
  return ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap((path) => {
    if (!existsSync(path)) return [];
    const real = realpathSync(path);
    return real === path ? ["--ro-bind", path, path] : ["--symlink", real.slice(1), path];
  });
}
