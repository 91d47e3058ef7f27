/** Runs a fixed program without a shell and reads what it prints, within bounds. For tools that only look. */
import { spawn } from "node:child_process";

/** A search that takes longer is too wide. */
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

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

/** Rejects when the program cannot be started. */
export function runProgram(program: string, args: string[], workdir: string): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const env = ENVIRONMENT as NodeJS.ProcessEnv;
    const child = spawn(program, args, { cwd: workdir, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    let size = 0;
    let isCut = false;
    let errors = "";
    const end = () => {
      isCut = true;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(end, TIMEOUT_MS);
    child.stdout.on("data", (chunk: Buffer) => {
      if (size >= MAX_OUTPUT_BYTES) return end();
      chunks.push(chunk.subarray(0, MAX_OUTPUT_BYTES - size));
      size += chunk.length;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(0, 2_000);
    });
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ output: Buffer.concat(chunks).toString(), exitCode, isCut, errors });
    });
  });
}
