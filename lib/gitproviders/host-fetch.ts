/**
 * `fetch` for git hosts: a deadline, a bound on the answer, and no redirect to another origin, since the request carries
 * a token. The whole body is here when it resolves. Knows no host's address or meaning.
 */
import { GitHostError } from "./git-host-error";

/** A host that says nothing for this long is not worth the wait of 49 other pull requests. */
export const DEADLINE_MS = 15_000;
/** A page of 100 pull requests is about 2 MiB. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** GitHub answers a moved repository with one 301; more are a loop. */
const MAX_REDIRECTS = 3;

export type HostFetchOptions = { fetch?: typeof fetch; deadlineMs?: number };
export type HostFetch = (url: string, init: RequestInit & { maxBytes?: number; isCut?: boolean }) => Promise<Response>;

/** @throws GitHostError `unreachable` or `bad_answer`; the caller's own abort reason when that ended it. */
export function createHostFetch({ fetch: ask = fetch, deadlineMs = DEADLINE_MS }: HostFetchOptions = {}): HostFetch {
  return async (url, { maxBytes = MAX_JSON_BYTES, isCut = false, ...init }) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    try {
      const response = await follow(ask, url, { ...init, signal });
      const body = await readBounded(response, { maxBytes, isCut });
      const { status, headers } = response;
      const hasBody = status !== 204 && status !== 205 && status !== 304;
      return new Response(hasBody ? body : null, { status, headers });
    } catch (error) {
      if (error instanceof GitHostError) throw error;
      if (init.signal?.aborted) throw init.signal.reason;
      const host = new URL(url).host;
      if (deadline.aborted)
        throw new GitHostError("unreachable", `${host} did not answer within ${deadlineMs / 1_000} s.`);
      throw new GitHostError("unreachable", `${host} cannot be reached: ${reasonOf(error)}.`, { cause: error });
    }
  };
}

async function follow(ask: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  let at = new URL(url);
  for (let hop = 0; ; hop += 1) {
    const response = await ask(at, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    const isRedirect = [301, 302, 307, 308].includes(response.status) && location;
    if (!isRedirect) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.origin !== at.origin) {
      throw new GitHostError("bad_answer", `${at.host} redirects to ${next.host}, where the token must not go.`);
    }
    if (init.method && init.method !== "GET") {
      throw new GitHostError("not_found", `The repository has moved to ${next.pathname}; use its new address.`);
    }
    if (hop >= MAX_REDIRECTS) throw new GitHostError("bad_answer", `${at.host} redirects in a circle.`);
    at = next;
  }
}

/** `isCut`: what is beyond the bound is left out rather than an error. */
async function readBounded(
  response: Response,
  { maxBytes, isCut }: { maxBytes: number; isCut: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes && isCut) {
      chunks.push(chunk.subarray(0, chunk.byteLength - (size - maxBytes)));
      break;
    }
    if (size > maxBytes) {
      throw new GitHostError("bad_answer", `The git host's answer is larger than ${maxBytes / 1024 / 1024} MiB.`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** `fetch` wraps what happened in a TypeError that says nothing. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "an unknown error";
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}
