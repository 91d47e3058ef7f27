/** Tells whoever started the server how to become the first administrator. */
import { ensureSetup } from "@/lib/auth/setup";
import type { Env } from "@/lib/env";
import { getDatabase } from "./runtime";

/** Prints the one-time link while nobody exists; creates the administrator the environment names. */
export async function printSetupLink(options: { env: Env; accessUrl: string }): Promise<void> {
  const { setupToken } = await ensureSetup({ db: getDatabase(), env: options.env });
  if (setupToken) console.log(`Create the first administrator at ${options.accessUrl}/setup?token=${setupToken}`);
}
