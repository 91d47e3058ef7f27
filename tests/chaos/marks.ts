/** The failpoints of the source, and where each is passed. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The names in the source, in order, doubles included. */
export function readFailpoints(): string[] {
  const files = globSync("{app,db,lib}/**/*.ts", { cwd: root }).sort();
  return files.flatMap((file) =>
    [...readFileSync(`${root}/${file}`, "utf8").matchAll(/\bfailpoint\(\s*"([^"]+)"/g)].map(
      (found) => found[1] as string,
    ),
  );
}

/** Passed when a worker starts, finds dead ones and takes over what was theirs. */
export const STARTING = [
  "lease.lock",
  "lease.register",
  "daemon.look",
  "daemon.acquire",
  "transition.apply.reap",
  "transition.commit.reap",
  "transition.hint.reap",
];

/** Passed when a worker is asked to end. */
export const ENDING = [
  "transition.apply.requeue",
  "transition.commit.requeue",
  "transition.hint.requeue",
  "lease.release",
];

/** Not the doing of a worker process in these scenes: the test that stands there instead. */
export const ELSEWHERE: Record<string, string> = {
  "create.commit": "tests/chaos/chaos.test.ts: a web server is killed while chats are made",
  "archive.commit": "tests/api/chats.test.ts",
  "fork.commit": "tests/api/fork.test.ts",
  "spawn.commit": "tests/db/chats/create-child.test.ts: a birth that is rolled back, and one that is repeated",
  "ledger.begin": "tests/chaos/kills.test.ts: a subagent that is noted and not yet born",
  "ledger.end": "tests/db/tool-executions.test.ts",
  "attach.commit": "tests/daemon/attach-file.test.ts: a file that is rolled back, and one that is asked for again",
  "feedback.tell": "tests/daemon/pull-request-loop.test.ts",
  "feedback.note": "tests/daemon/pull-request-loop.test.ts",
  "rewind.restore": "tests/daemon/rewind.test.ts: a restore that never came, and one that is asked for again",
  "rewind.restored": "tests/daemon/rewind.test.ts",
  "snapshot.take": "tests/daemon/rewind.test.ts",
  "snapshot.insert": "tests/daemon/rewind.test.ts",
  "aside.name": "tests/daemon/asides.test.ts: these scenes' models give no title",
  "snapshot.trim": "tests/daemon/step-snapshots.test.ts",
  "costs.close": "tests/db/model-calls.test.ts: days that nobody has summed, and those that are summed again",
  "files.put": "tests/api/files.test.ts",
  "files.sweep": "tests/daemon/files.test.ts",
  "turn.files": "tests/daemon/files.test.ts",
  "daemon.expire": "tests/daemon/answers.test.ts: results of the caller's tools that never came",
  "daemon.end-agents": "tests/daemon/deleted-person.test.ts",
  "daemon.record-lost": "tests/daemon/edit.test.ts: a run that an edit fenced",
  "migrate.lock": "tests/db/migrate.test.ts",
  "migrate.apply": "tests/db/migrate.test.ts",
  "daemon.supersede": "tests/chaos/chaos.test.ts: only with the embedded database",
  "daemon.bury": "tests/e2e/roles.test.ts: only where two workers live at once",
};

/** `transition.commit.commit_answer` → `transition.commit`; other marks are their names. */
export const withoutKind = (mark: string): string => mark.split(".").slice(0, 2).join(".");
