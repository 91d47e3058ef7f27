/**
 * Git LFS through the broker. A host answers a batch with addresses and, in their headers, tokens: those stay here, and
 * the sandbox is given addresses of the broker instead, each good for one object.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { LFS_OPERATIONS, type LfsOperation, type LfsServer } from "./git-transport";
import { answer, authorization, dial, dialUrl, forwardedHeaders, refusalText, type Upstream } from "./git-upstream";

export type LfsRelay = {
  /** `rest` is the path below `/info/lfs`. @throws Error naming the host that cannot be reached. */
  serve(rest: string, incoming: IncomingMessage, response: ServerResponse): Promise<void>;
};

type LfsOptions = Upstream & {
  /** Where the repository stands on the broker. */
  base: string;
  /** Why this ref may not be pushed; null when it may. */
  findRefusal(ref: string, response: ServerResponse): Promise<string | null>;
  findServer(operation: LfsOperation): Promise<LfsServer | null>;
};

/** A batch has a hundred objects; others are asked for in a next one. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Of some five hundred bytes each. The oldest are forgotten; git-lfs asks for them again. */
const MAX_TRANSFERS = 20_000;
const JSON_TYPE = "application/vnd.git-lfs+json";

const batchRequest = z.object({
  operation: z.enum(LFS_OPERATIONS),
  objects: z
    .array(z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }))
    .max(1_000),
  ref: z.object({ name: z.string().max(1_000) }).nullish(),
});

const METHODS = { download: "GET", upload: "PUT", verify: "POST" } as const;
type Action = keyof typeof METHODS;

const action = z.object({ href: z.url({ protocol: /^https?$/ }), header: z.record(z.string(), z.string()).nullish() });
const batchAnswer = z.object({
  objects: z.array(
    z.object({
      oid: z.string(),
      size: z.number(),
      actions: z.object({ download: action, upload: action, verify: action }).partial().nullish(),
      error: z.object({ code: z.number(), message: z.string() }).nullish(),
    }),
  ),
});

type Transfer = { method: string; url: URL; headers: Record<string, string> };
type Relay = LfsOptions & { transfers: Map<string, Transfer> };
type Exchange = { incoming: IncomingMessage; response: ServerResponse };

/** For one workspace's repository. */
export function createLfsRelay(options: LfsOptions): LfsRelay {
  const relay: Relay = { ...options, transfers: new Map() };
  return {
    async serve(rest, incoming, response) {
      const call = `${incoming.method} ${rest}`;
      if (call === "POST /objects/batch") {
        return serveBatch(relay, { incoming, response }).catch((error: Error) => refuse(response, 502, error.message));
      }
      const transfer = relay.transfers.get(rest.replace(/^\/transfer\//, ""));
      if (transfer && transfer.method === incoming.method) return passObject(relay, transfer, { incoming, response });
      refuse(response, 404, "Slipway serves batches and transfers of Git LFS only; ask for the object again.");
    },
  };
}

async function serveBatch(relay: Relay, { incoming, response }: Exchange): Promise<void> {
  const wanted = batchRequest.safeParse(parseJson(await readText(incoming, MAX_BATCH_BYTES)));
  if (!wanted.success) return refuse(response, 422, "The batch could not be read.");
  const { operation, objects, ref } = wanted.data;
  const refusal = operation === "upload" && ref ? await relay.findRefusal(ref.name, response) : null;
  if (refusal) return refuse(response, 403, refusal);
  const body = Buffer.from(JSON.stringify({ operation, objects, ref: ref ?? undefined, transfers: ["basic"] }));
  const headers = { accept: JSON_TYPE, "content-type": JSON_TYPE, "content-length": String(body.length) };
  const { outgoing, hasCredential } = await dialBatch(relay, { operation, headers, response });
  outgoing.on("response", (upstream) => {
    answerBatch(relay, { upstream, hasCredential, incoming, response }).catch((error: Error) => {
      refuse(response, 502, error.message);
    });
  });
  outgoing.end(body);
}

type DialBatch = { operation: LfsOperation; headers: Record<string, string>; response: ServerResponse };

async function dialBatch(relay: Relay, { operation, headers, response }: DialBatch) {
  const server = await relay.findServer(operation);
  if (!server) {
    const path = `${relay.repository.pathname.endsWith(".git") ? "" : ".git"}/info/lfs/objects/batch`;
    return dial(relay, { method: "POST", path, headers, response });
  }
  const url = new URL(`${server.url}/objects/batch`);
  refusePlainHttp(relay, url);
  const outgoing = await dialUrl(relay, { method: "POST", url, headers: { ...server.headers, ...headers }, response });
  return { outgoing, hasCredential: true };
}

function refusePlainHttp({ trusted }: Relay, { protocol, host }: URL): void {
  if (protocol !== "https:" && !trusted) throw new Error(`${host} would be asked over http`);
}

type Batch = Exchange & { upstream: IncomingMessage; hasCredential: boolean };

async function answerBatch(relay: Relay, { upstream, hasCredential, incoming, response }: Batch): Promise<void> {
  const status = upstream.statusCode ?? 502;
  const text = await readText(upstream, MAX_ANSWER_BYTES);
  if (status !== 200) return refuse(response, status >= 500 ? 502 : 403, refusalText(status, hasCredential));
  const { objects } = batchAnswer.parse(parseJson(text));
  const place = `http://${incoming.headers.host}${relay.base}/info/lfs/transfer`;
  const given = objects.map(({ oid, size, actions, error }) => {
    if (error || !actions) return { oid, size, ...(error && { error }) };
    const kinds = Object.keys(METHODS) as Action[];
    const own = kinds.flatMap((kind) => {
      const target = actions[kind];
      return target ? [[kind, { href: `${place}/${keep(relay, kind, target)}` }] as const] : [];
    });
    return { oid, size, authenticated: true, actions: Object.fromEntries(own) };
  });
  response.writeHead(200, { "content-type": JSON_TYPE }).end(JSON.stringify({ transfer: "basic", objects: given }));
}

/** Remembers where an object really goes; returns its name on the broker. */
function keep({ transfers }: Relay, kind: Action, { href, header }: z.infer<typeof action>): string {
  const id = randomBytes(16).toString("hex");
  const named = Object.entries(header ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = Object.fromEntries(named.filter(([name]) => !OURS.has(name)));
  transfers.set(id, { method: METHODS[kind], url: new URL(href), headers });
  for (const oldest of transfers.keys()) {
    if (transfers.size <= MAX_TRANSFERS) break;
    transfers.delete(oldest);
  }
  return id;
}

/** Set by whoever sends the body. */
const OURS = new Set(["content-length", "transfer-encoding", "host", "connection"]);

async function passObject(relay: Relay, { method, url, headers }: Transfer, { incoming, response }: Exchange) {
  refusePlainHttp(relay, url);
  const isOwnHost = url.origin === relay.repository.origin;
  const credential =
    isOwnHost && !headers.authorization
      ? await relay.credentials({ origin: relay.repository.href, ownerId: relay.ownerId })
      : null;
  const sent = { ...forwardedHeaders(incoming), ...headers, ...authorization(credential) };
  const outgoing = await dialUrl(relay, { method, url, headers: sent, response });
  outgoing.on("response", (upstream) => answer({ upstream, response, hasCredential: true }));
  incoming.pipe(outgoing);
}

/** As git-lfs shows it. */
function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": JSON_TYPE, connection: "close" }).end(JSON.stringify({ message }));
}

async function readText(stream: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error("The list of LFS objects is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
