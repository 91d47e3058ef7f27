/** The LFS half of a git host (its batch API, "basic" transfers) in memory, with tokens of its own for every object. */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export type LfsStore = {
  objects: Map<string, Buffer>;
  /** Tokens that were given for single objects; no sandbox may ever see one. */
  tokens: string[];
  /** Requests that came without the right authorisation. */
  refused: string[];
  serve(request: IncomingMessage, response: ServerResponse): boolean;
};

/** `basic` is what the batch wants; `origin` is where the objects are, in the host's own words. */
export function createLfsStore({ basic, origin }: { basic: string; origin: string }): LfsStore {
  const store: LfsStore = { objects: new Map(), tokens: [], refused: [], serve };
  function serve(request: IncomingMessage, response: ServerResponse): boolean {
    const [, oid] = /^\/lfs-objects\/([0-9a-f]{64})$/.exec(request.url ?? "") ?? [];
    const isBatch = /^\/acme\/[^/]+\.git\/info\/lfs\/objects\/batch$/.test(request.url ?? "");
    if (!oid && !isBatch) return false;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const token = request.headers.authorization ?? "";
      const isAllowed = isBatch ? token === basic : store.tokens.includes(token.replace("RemoteAuth ", ""));
      if (!isAllowed) store.refused.push(`${request.method} ${request.url}`);
      if (!isAllowed) return void response.writeHead(401).end();
      if (isBatch) return answerBatch(JSON.parse(body.toString()), response);
      passObject(String(oid), { method: request.method ?? "", body, response });
    });
    return true;
  }
  type Batch = { operation: "download" | "upload"; objects: { oid: string; size: number }[] };
  function answerBatch({ operation, objects }: Batch, response: ServerResponse): void {
    const given = objects.map(({ oid, size }) => {
      const isHere = store.objects.has(oid);
      if (operation === "download" && !isHere)
        return { oid, size, error: { code: 404, message: "Object does not exist" } };
      const token = `lfs-canary-${randomBytes(12).toString("hex")}`;
      store.tokens.push(token);
      const target = {
        href: `${origin}/lfs-objects/${oid}`,
        header: { Authorization: `RemoteAuth ${token}` },
        expires_in: 600,
      };
      const actions = operation === "download" ? { download: target } : { upload: target, verify: target };
      return isHere && operation === "upload" ? { oid, size } : { oid, size, actions };
    });
    response.writeHead(200, { "content-type": "application/vnd.git-lfs+json" });
    response.end(JSON.stringify({ transfer: "basic", objects: given, hash_algo: "sha256" }));
  }
  type Pass = { method: string; body: Buffer; response: ServerResponse };
  function passObject(oid: string, { method, body, response }: Pass): void {
    if (method === "PUT" && createHash("sha256").update(body).digest("hex") !== oid) {
      return void response.writeHead(400).end();
    }
    if (method === "PUT") store.objects.set(oid, body);
    const found = store.objects.get(oid);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(method === "GET" ? found : undefined);
  }
  return store;
}
