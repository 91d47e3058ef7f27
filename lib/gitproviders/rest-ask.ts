/** Asks a REST interface with plain `fetch`, for hosts without a client of their own. Gives an answer for every status. */
import { createHostFetch, type HostFetchOptions } from "./host-fetch";
import type { AskHost, HostAnswer, HostCall } from "./host-reader";

type RestOptions = HostFetchOptions & {
  apiBaseUrl: string;
  /** The value of the `authorization` header. */
  authorize: (token: string) => string;
  /** What a page of a list is asked for with. */
  pageSize: Record<string, number>;
};

/** Its routes may also begin with `https://`, for what stands beside the interface. */
export function createRestAsk({ apiBaseUrl, authorize, pageSize, ...fetching }: RestOptions): AskHost {
  const hostFetch = createHostFetch(fetching);
  return async (access, call) => {
    const [method = "GET"] = call.route.split(" ", 1);
    const { address, rest } = fill(call, apiBaseUrl);
    const isRead = method === "GET";
    const query = isRead && rest.page !== undefined ? { ...pageSize, ...rest } : rest;
    const response = await hostFetch(isRead ? withQuery(address, query) : address, {
      method,
      headers: {
        "user-agent": "slipway",
        accept: call.accept ?? "application/json",
        ...(access.token ? { authorization: authorize(access.token) } : {}),
        ...(isRead ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(isRead ? {} : { body: JSON.stringify(rest) }),
      ...(call.maxBytes ? { maxBytes: call.maxBytes, isCut: true } : {}),
      signal: access.signal,
    });
    const answer = await toAnswer(response);
    return hasMore(answer, query) ? { ...answer, headers: { ...answer.headers, link: NEXT } } : answer;
  };
}

type Params = NonNullable<HostCall["params"]>;

/** Braces take a whole value, slashes included, as one segment of the path. */
function fill({ route, params = {} }: HostCall, apiBaseUrl: string): { address: string; rest: Params } {
  const rest = { ...params };
  const path = route.slice(route.indexOf(" ") + 1).replace(/\{(\w+)\}/g, (_brace, name: string) => {
    delete rest[name];
    return encodeURIComponent(String(params[name] ?? ""));
  });
  return { address: path.startsWith("/") ? apiBaseUrl + path : path, rest };
}

function withQuery(address: string, params: Params): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === "" ? address : `${address}?${query}`;
}

const NEXT = '<>; rel="next"';

/** Some of Forgejo's lists tell how many there are where others link to the next page. */
function hasMore({ headers }: HostAnswer, { page, limit }: Params): boolean {
  return (
    page !== undefined &&
    headers.link === undefined &&
    Number(headers["x-total-count"] ?? 0) > Number(page ?? 0) * Number(limit ?? 0)
  );
}

async function toAnswer(response: Response): Promise<HostAnswer> {
  const headers = Object.fromEntries(response.headers);
  const text = await response.text();
  const isJson = /\bjson\b/.test(headers["content-type"] ?? "");
  return { status: response.status, headers, data: isJson ? parseJson(text) : text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
