/** Runs a fixed program without a shell and reads what it prints, within bounds. */
import { spawn } from "node:child_process";

/** A search that takes longer is too wide. */
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

const MAX_ERROR_CHARACTERS = 4_000;

export type ProgramResult = {
  output: string;
  /** Null when it was ended: by its time, or for printing too much. */
  exitCode: number | null;
  /** Output beyond the bound, or after the time, is missing. */
  isCut: boolean;
  errors: string;
};

/** Only what finds programs and decides about characters; nothing that makes git start others. */
const ENVIRONMENT: Record<string, string> = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  LC_ALL: "C.UTF-8",
  GIT_OPTIONAL_LOCKS: "0",
};

export type ProgramOptions = {
  /** Beside what finds programs. */
  environment?: Record<string, string>;
  /** What it reads. */
  input?: string;
  timeoutMs?: number;
  maxBytes?: number;
};

/** Rejects when the program cannot be started. */
export function runProgram(
  program: string,
  args: string[],
  workdir: string,
  { environment, input, timeoutMs = TIMEOUT_MS, maxBytes = MAX_OUTPUT_BYTES }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const env = { ...ENVIRONMENT, ...environment } as NodeJS.ProcessEnv;
    const child = spawn(program, args, { cwd: workdir, env, stdio: ["pipe", "pipe", "pipe"] });
    // A program that does not read to the end closes its side.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const chunks: Buffer[] = [];
    let size = 0;
    let isCut = false;
    let errors = "";
    const end = () => {
      isCut = true;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(end, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      if (size >= maxBytes) return end();
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-MAX_ERROR_CHARACTERS);
    });
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ output: Buffer.concat(chunks).toString(), exitCode, isCut, errors });
    });
  });
}
