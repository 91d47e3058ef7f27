/**
 * Asks a git host and understands its refusals: conditional requests over a bounded cache, pages, limits, errors for a
 * person. How a request reaches the host is the adapter's `ask`; what an answer means is its `map`.
 */
import { z } from "zod";
import type { Clock } from "@/lib/clock";
import { GitHostError } from "./git-host-error";
import { limitError, readLimits } from "./limits";
import type { HostAccess } from "./port";
import { cacheKey, type ResponseCache } from "./response-cache";

export type HostCall = {
  /** `GET /repos/{owner}/{repo}`; braces are filled from `params`, the others become the query or the body. */
  route: string;
  params?: Record<string, string | number | boolean | undefined>;
  accept?: string;
  /** Of a text: what is beyond is cut off. */
  maxBytes?: number;
};

export type HostAnswer = { status: number; headers: Record<string, string | number | undefined>; data: unknown };

/** Resolves for every status. @throws GitHostError when there was no answer. */
export type AskHost = (access: HostAccess, call: HostCall & { headers: Record<string, string> }) => Promise<HostAnswer>;

export type HostReader = {
  /** One answer, mapped. What the cache holds is the mapped value. */
  read<T>(access: HostAccess, call: HostCall, map: (data: unknown, answer: HostAnswer) => T): Promise<T>;
  /** Pages of 100, at most `maxPages`. */
  readPages<T>(access: HostAccess, call: HostCall & { maxPages: number }, map: (data: unknown) => T[]): Promise<T[]>;
  write<T>(access: HostAccess, call: HostCall, map: (data: unknown) => T): Promise<T>;
};

type ReaderOptions = { host: string; ask: AskHost; cache: ResponseCache; clock: Clock };

/** All methods @throws GitHostError. */
export function createHostReader(options: ReaderOptions): HostReader {
  const readPage = async <T>(access: HostAccess, call: HostCall, map: (data: unknown, answer: HostAnswer) => T) => {
    const key = cacheKey(access.token, keyOf(call));
    const known = options.cache.find(key);
    const answer = await ask(options, access, { ...call, headers: known ? { "if-none-match": known.etag } : {} });
    if (answer.status === 304 && known) return { value: known.value as T, hasNext: known.hasNext };
    checkAnswer(options, access, answer);
    const value = mapped(options, call, () => map(answer.data, answer));
    const hasNext = /rel="?next"?/.test(String(answer.headers.link ?? ""));
    const { etag } = answer.headers;
    if (typeof etag === "string" && etag) {
      options.cache.set(key, { etag, value, hasNext, sizeBytes: JSON.stringify(value ?? null).length });
    }
    return { value, hasNext };
  };
  return {
    read: async (access, call, map) => (await readPage(access, call, map)).value,
    async readPages(access, { maxPages, ...call }, map) {
      const all: ReturnType<typeof map> = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const { value, hasNext } = await readPage(access, { ...call, params: { ...call.params, page } }, map);
        all.push(...value);
        if (!hasNext) break;
      }
      return all;
    },
    async write(access, call, map) {
      const answer = await ask(options, access, { ...call, headers: {} });
      checkAnswer(options, access, answer);
      return mapped(options, call, () => map(answer.data));
    },
  };
}

/** A text that was cut elsewhere is another one. */
const keyOf = ({ accept = "", maxBytes, route, params = {} }: HostCall): string =>
  `${accept} ${maxBytes ?? ""} ${route} ${JSON.stringify(params)}`;

async function ask({ ask }: ReaderOptions, access: HostAccess, call: HostCall & { headers: Record<string, string> }) {
  access.signal.throwIfAborted();
  access.beforeAsking?.();
  const answer = await ask(access, call);
  const limits = readLimits(answer.headers);
  if (limits) access.onLimits?.(limits);
  return answer;
}

function mapped<T>({ host }: ReaderOptions, call: HostCall, map: () => T): T {
  try {
    return map();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const where = cause.issues[0]?.path.join(".");
    const what = where
      ? `something unexpected (${where})`
      : "something else than its data; a proxy may stand before it";
    throw new GitHostError("bad_answer", `${host} answered ${call.route} with ${what}.`, { cause });
  }
}

function checkAnswer({ host, clock }: ReaderOptions, access: HostAccess, answer: HostAnswer): void {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return;
  const message = messageOf(answer.data);
  const limit = limitError({ status, headers, message, host }, clock.now());
  if (limit) throw limit;
  const said = message ? `: ${message}` : "";
  if (status === 401) {
    const text = access.token
      ? `${host} refused the token (401). Link the account again.`
      : `${host} asks for a linked account (401).`;
    throw new GitHostError("unauthorized", text);
  }
  if (status === 403)
    throw new GitHostError("forbidden", `${host} does not allow this with the linked account${said}.`);
  if (status === 404 || status === 410) {
    throw new GitHostError("not_found", `${host} does not know it (${status}), or the linked account may not see it.`);
  }
  if (status >= 500) throw new GitHostError("unreachable", `${host} answered ${status}.`);
  throw new GitHostError("rejected", `${host} refused (${status})${said}.`);
}

/** Longer texts of a host are cut: they stand in one line. */
const MAX_MESSAGE_CHARACTERS = 300;
const spoken = z.object({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  errors: z.array(z.unknown()).optional(),
});

function messageOf(data: unknown): string {
  const parsed = spoken.safeParse(data);
  if (!parsed.success) return "";
  const { message, error, errors = [] } = parsed.data;
  const details = errors.map((entry) =>
    typeof entry === "string" ? entry : (spoken.safeParse(entry).data?.message ?? ""),
  );
  const texts = [spell(message ?? error), ...details].flat().filter((text) => typeof text === "string" && text !== "");
  return texts.join(", ").replace(/\s+/g, " ").replace(/\.$/, "").slice(0, MAX_MESSAGE_CHARACTERS);
}

/** GitLab says a list, or `{"title": ["can't be blank"]}`. */
const spell = (message: unknown): unknown =>
  typeof message === "object" && message !== null && !Array.isArray(message)
    ? Object.entries(message).map(([field, faults]) => `${field} ${[faults].flat().join(", ")}`)
    : message;
