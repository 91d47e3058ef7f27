/** Passwords: scrypt, compared in constant time. Stores nothing. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { ApiError } from "@/lib/contract/errors";

/** OWASP Password Storage Cheat Sheet, scrypt with N = 2^14: r = 8, p = 5. 16 MiB a hash, about 150 ms. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** libuv has four threads and files need some. */
const MAX_RUNNING = 2;
/** At 150 ms each the last one waits some ten seconds, as long as a person does. */
const MAX_WAITING = 128;

/** `scrypt$N$r$p$salt$key`, so that the cost can rise without breaking older hashes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { ...COST, keyBytes: KEY_BYTES });
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/**
 * Whether the password made the hash. Null (no such person, or no password) costs the same time and is always false,
 * so that an answer's delay does not tell which addresses exist.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [scheme, n, r, p, salt, key] = (hash ?? ABSENT_HASH).split("$");
  if (scheme !== "scrypt" || !n || !r || !p || !salt || !key) {
    throw new Error(`A stored password hash has the unknown scheme ${scheme?.slice(0, 20)}.`);
  }
  const expected = Buffer.from(key, "base64url");
  const cost = { N: Number(n), r: Number(r), p: Number(p), keyBytes: expected.length };
  const actual = await derive(password, Buffer.from(salt, "base64url"), cost);
  return timingSafeEqual(actual, expected) && hash !== null;
}

const ABSENT_HASH = `scrypt$${COST.N}$${COST.r}$${COST.p}$${randomBytes(SALT_BYTES).toString("base64url")}$${randomBytes(KEY_BYTES).toString("base64url")}`;

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: ScryptOptions & { keyBytes: number }): Promise<Buffer> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) {
      throw new ApiError("unavailable", "Too many people are signing in at once. Try again in a few seconds.", {
        headers: { "retry-after": "10" },
      });
    }
    // The one who ends hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    return await scryptAsync(password.normalize("NFKC"), salt, cost);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

function scryptAsync(password: string, salt: Buffer, cost: ScryptOptions & { keyBytes: number }): Promise<Buffer> {
  const { keyBytes, ...options } = cost;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, { ...options, maxmem: 64 * 1024 * 1024 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
