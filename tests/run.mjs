/**
 * `npm test`: everything from a fresh clone: packages, system packages, check, build, all tests.
 * The last line is the count alone. Every stage has an end in time.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, pinnedNode } from "../lib/server/install.mjs";
import { runStep, stopStep } from "../lib/server/steps.mjs";

const MINUTE_MS = 60_000;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const scratch = mkdtempSync(join(tmpdir(), "slipway-run-"));

/** Programs the tests run, and the Debian package of each. */
const PROGRAMS = [
  { names: ["bwrap"], debian: "bubblewrap", why: "sandbox tests" },
  // What commands inside a sandbox ask with: the machine's own programs.
  { names: ["ps"], debian: "procps", why: "sandbox tests" },
  { names: ["curl"], debian: "curl", why: "sandbox tests" },
  { names: ["git-lfs"], debian: "git-lfs", why: "sandbox tests" },
  { names: ["ssh"], debian: "openssh-client", why: "tests of git over ssh" },
  { names: ["sshd", "/usr/sbin/sshd"], debian: "openssh-server", why: "tests of git over ssh" },
  {
    names: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"],
    debian: "chromium-headless-shell",
    why: "end-to-end tests",
  },
];

async function installPrograms() {
  const missing = PROGRAMS.filter(({ names }) => !names.some(isInstalled));
  if (missing.length === 0) return;
  const packages = missing.map(({ debian }) => debian);
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const wanted = missing.map(({ debian, why }) => `${debian} (${why})`).join(", ");
  if (process.getuid?.() !== 0 || !isInstalled("apt-get")) {
    throw new Error(`Missing: ${wanted}. Install with: sudo ${command}`);
  }
  const apt = (label, args) =>
    runStep({
      label,
      command: "apt-get",
      args,
      cwd: root,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeoutMs: 10 * MINUTE_MS,
    });
  await apt("Reading package lists (apt-get update)", ["update", "-qq"]);
  await apt(`Installing ${wanted}`, ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

function isInstalled(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
}

/** One run of vitest. Counts from its report, so that a crash of the runner counts as a failure. */
async function runTests(label, projects, timeoutMs) {
  const report = join(scratch, `${projects.join("-")}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  let isOk = true;
  try {
    await runStep({
      label,
      command: pinnedNode(root),
      args: [
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        ...projects.map((project) => `--project=${project}`),
        "--passWithNoTests",
        ...reporters,
      ],
      cwd: root,
      env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, NO_COLOR: "1" },
      timeoutMs,
      visible: true,
    });
  } catch (error) {
    isOk = false;
    console.error(error.message);
  }
  return { isOk, ...readCounts(report, isOk) };
}

function readCounts(report, isOk) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
    // A file that does not load, or an error outside every test, has failed although no test did.
    const failed = numFailedTests || numFailedTestSuites || (isOk ? 0 : 1);
    return { passed: numPassedTests, failed };
  } catch {
    return { passed: 0, failed: isOk ? 0 : 1 };
  }
}

async function main() {
  await ensureInstalled(root, { development: true });
  await installPrograms();
  const npm = (label, script) =>
    runStep({ label, command: "npm", args: ["run", "-s", script], cwd: root, timeoutMs: 5 * MINUTE_MS });
  await npm("Checking types, lint and layers", "check");
  const { ensureBuilt } = await import("../lib/server/build.mjs");
  await ensureBuilt(root);
  const results = [
    await runTests("Tests without a browser", ["unit", "real"], 15 * MINUTE_MS),
    await runTests("End-to-end tests", ["e2e"], 15 * MINUTE_MS),
  ];
  return results.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stopStep();
    process.exit(130);
  });
}

const counts = await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  return { passed: 0, failed: 1 };
});
rmSync(scratch, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
