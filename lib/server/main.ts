/** The entry program: one process that serves the product. Only reads its arguments and reports a failed start. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Env, readEnv } from "@/lib/env";
import { startServer } from "./start-server";

/** The bundle lies in `.build/`, one below the checkout. */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function environment(): Env {
  try {
    return readEnv();
  } catch (error) {
    return fail(error);
  }
}

startServer({ env: environment(), root, isDevelopment: process.argv.includes("--dev") }).catch(fail);
