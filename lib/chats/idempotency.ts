/**
 * `Idempotency-Key`: the same request of the same person has one effect and one result. The record is written in the
 * transaction of the effect, so neither exists without the other. Knows nothing of chats.
 */
import type { Sql, TransactionSql } from "postgres";
import {
  findIdempotencyRecord,
  type IdempotencyPlace,
  type IdempotencyRecord,
  insertIdempotencyRecord,
} from "@/db/queries/idempotency";
import { ApiError } from "@/lib/contract/errors";
import { sha256 } from "@/lib/ids";

/** Null: the request carried no key. */
export type IdempotentRequest = (IdempotencyPlace & { bodyHash: string }) | null;

/** Longer than any UUID or hash a client would send. */
const MAX_KEY_CHARACTERS = 255;

/** Reads the header. `body` is the parsed one, so that spacing and the order of keys do not matter. */
export function readIdempotencyKey(
  request: Request,
  { userId, body }: { userId: string; body: unknown },
): IdempotentRequest {
  const key = request.headers.get("idempotency-key");
  if (key === null) return null;
  if (key === "" || key.length > MAX_KEY_CHARACTERS) {
    throw new ApiError(
      "bad_request",
      `An Idempotency-Key has 1 to ${MAX_KEY_CHARACTERS} characters; received ${key.length}.`,
    );
  }
  const route = `${request.method} ${new URL(request.url).pathname}`;
  return { userId, route, key, bodyHash: sha256(JSON.stringify(body)) };
}

/** Another request with the same key committed first: this one's effect is rolled back. */
class KeyTakenError extends Error {}

/**
 * Does the work once per key. `work` hands its result to `record`, if there is one, inside its transaction, as the last thing; a repeated
 * request gets that result. Of two at once the second waits for the first and then gets its result, also when its own
 * attempt failed meanwhile (the first filled the queue, for one).
 * @throws ApiError `conflict` when the key was used with another body; whatever the work throws.
 */
export async function runOnce<T>(
  sql: Sql,
  request: IdempotentRequest,
  work: (record?: (tx: TransactionSql, result: T) => Promise<void>) => Promise<T>,
): Promise<T> {
  if (!request) return work();
  const before = await findIdempotencyRecord(sql, request);
  if (before) return resultOf<T>(before, request);
  try {
    return await work(async (tx, result) => {
      if (!(await insertIdempotencyRecord(tx, { ...request, response: result }))) throw new KeyTakenError();
    });
  } catch (error) {
    const meanwhile = await findIdempotencyRecord(sql, request);
    if (meanwhile) return resultOf<T>(meanwhile, request);
    throw error;
  }
}

function resultOf<T>(record: IdempotencyRecord, request: NonNullable<IdempotentRequest>): T {
  if (record.bodyHash === request.bodyHash) return record.response as T;
  throw new ApiError(
    "conflict",
    `The Idempotency-Key ${JSON.stringify(request.key)} was used with another body. Use a new key for a new request.`,
  );
}
