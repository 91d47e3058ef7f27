/** The first administrator: preset by the environment, or by whoever holds the one-time token printed at start. */
import type { Database, Transaction } from "@/db/client";
import { deleteSetupToken, takeSetupToken, upsertSetupToken } from "@/db/queries/settings";
import { insertToken } from "@/db/queries/tokens";
import { hasUsers, insertUser } from "@/db/queries/users";
import { ApiError } from "@/lib/contract/errors";
import type { User } from "@/lib/contract/users";
import type { Env } from "@/lib/env";
import { newId, newSecret, sha256 } from "@/lib/ids";
import { hashPassword } from "./password";
import { startSession } from "./session";

/** 30 minutes: long enough to open the link, short enough to be forgotten in a log. */
const SETUP_TOKEN_LIFETIME_MS = 30 * 60 * 1000;

type SetupEnv = Pick<Env, "SLIPWAY_ADMIN_EMAIL" | "SLIPWAY_ADMIN_PASSWORD" | "SLIPWAY_ADMIN_TOKEN">;

/**
 * Called once at start, after the migrations. Creates the administrator the environment names when nobody exists yet;
 * otherwise, while nobody exists, makes a new one-time token for `/setup` and returns it. Null: nothing is open.
 */
export async function ensureSetup(options: { db: Database; env: SetupEnv }): Promise<{ setupToken: string | null }> {
  const { db, env } = options;
  if (await hasUsers(db)) {
    await deleteSetupToken(db);
    return { setupToken: null };
  }
  if (env.SLIPWAY_ADMIN_EMAIL && env.SLIPWAY_ADMIN_PASSWORD) {
    const passwordHash = await hashPassword(env.SLIPWAY_ADMIN_PASSWORD);
    await db.transaction((tx) => createPresetAdministrator(tx, { env, passwordHash }));
    return { setupToken: null };
  }
  const setupToken = newSecret("slpsetup_");
  await upsertSetupToken(db, { tokenHash: sha256(setupToken), lifetimeMs: SETUP_TOKEN_LIFETIME_MS });
  return { setupToken };
}

async function createPresetAdministrator(
  tx: Transaction,
  options: { env: SetupEnv; passwordHash: string },
): Promise<void> {
  const email = (options.env.SLIPWAY_ADMIN_EMAIL ?? "").toLowerCase();
  const user = await insertUser(tx, {
    id: newId(),
    email,
    username: usernameFrom(email),
    name: "",
    role: "admin",
    passwordHash: options.passwordHash,
  });
  // Another process that starts on the same database was faster.
  if (!user) return;
  await deleteSetupToken(tx);
  const token = options.env.SLIPWAY_ADMIN_TOKEN;
  if (!token) return;
  await insertToken(tx, {
    id: newId(),
    userId: user.id,
    name: "SLIPWAY_ADMIN_TOKEN",
    tokenHash: sha256(token),
    scopes: null,
    expiresInDays: null,
  });
}

/** The part before the @, reduced to what a user name may hold. */
function usernameFrom(email: string): string {
  const name = (email.split("@")[0] ?? "")
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 39);
  return name || "admin";
}

/**
 * Creates the first administrator and a session for them, in one transaction: of any number of claims with the same
 * token one wins. The token is taken before the password is hashed, so that losers cost nothing.
 * @throws ApiError `unauthorized` when the token is wrong, used or expired.
 */
export async function claimSetup(options: {
  db: Database;
  setupToken: string;
  email: string;
  username: string;
  password: string;
  userAgent: string | null;
}): Promise<{ user: User; session: string }> {
  return options.db.transaction(async (tx) => {
    const isTaken = await takeSetupToken(tx, { tokenHash: sha256(options.setupToken) });
    if (!isTaken || (await hasUsers(tx))) {
      throw new ApiError(
        "unauthorized",
        "The setup link is wrong, used or older than 30 minutes. Start the server again to get a new one.",
      );
    }
    const user = await insertUser(tx, {
      id: newId(),
      email: options.email,
      username: options.username,
      name: "",
      role: "admin",
      passwordHash: await hashPassword(options.password),
    });
    if (!user) throw new ApiError("conflict", "Somebody else was set up a moment ago. Sign in instead.");
    const session = await startSession(tx, { userId: user.id, userAgent: options.userAgent });
    return { user, session };
  });
}
