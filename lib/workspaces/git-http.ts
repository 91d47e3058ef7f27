/** Git's smart http to a host, with the owner's credential. */
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { defaultBranchIn, type ExchangeCall, type GitTransport, MAX_FETCH_BYTES } from "./git-transport";
import { AGENT, answer, dial, forwardedHeaders, type Upstream } from "./git-upstream";

/** Capabilities in the first line of a host's refs. */
const MAX_HEAD_BYTES = 8 * 1024;

export function createHttpTransport(upstream: Upstream): GitTransport {
  return {
    async advertise({ service, incoming, response }) {
      const path = `/info/refs?service=${service}`;
      const target = { method: "GET", path, headers: forwardedHeaders(incoming), response };
      const { outgoing, hasCredential } = await dial(upstream, target);
      outgoing.on("response", (answered) =>
        answer({ upstream: answered, response, hasCredential, hint: upstream.accessHint }),
      );
      outgoing.end();
    },
    exchange: (call) => exchange(upstream, call),
    findLfsServer: async () => null,
    findDefaultBranch: (response) => findDefaultBranch(upstream, response),
  };
}

async function exchange(upstream: Upstream, { service, incoming, response, body, onAnswer }: ExchangeCall) {
  const sent = forwardedHeaders(incoming);
  // What was unpacked goes on in chunks.
  const { "content-encoding": _encoding, "content-length": _length, ...plain } = sent;
  const target = { method: "POST", path: `/${service}`, headers: body ? plain : sent, response };
  const { outgoing, hasCredential } = await dial(upstream, target);
  outgoing.on("response", (answered) => {
    answer({ upstream: answered, response, hasCredential, hint: upstream.accessHint });
    if (answered.statusCode === 200) onAnswer?.(answered);
  });
  if (body) {
    // Whichever side broke has been answered by its own listener.
    return pipeline(body, outgoing).catch(() => {});
  }
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_FETCH_BYTES) incoming.destroy();
  });
  incoming.pipe(outgoing);
}

/** From the host's own list of refs. */
async function findDefaultBranch(upstream: Upstream, response: ServerResponse): Promise<string | null> {
  const target = { method: "GET", path: "/info/refs?service=git-upload-pack", headers: AGENT, response };
  const { outgoing } = await dial(upstream, target);
  return new Promise((resolve) => {
    outgoing.on("error", () => resolve(null));
    outgoing.on("response", (answered) => {
      let text = "";
      const finish = () => {
        resolve(defaultBranchIn(text));
        answered.destroy();
      };
      answered.on("error", () => resolve(null));
      answered.on("end", finish);
      answered.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        if (text.length > MAX_HEAD_BYTES) finish();
      });
    });
    outgoing.end();
  });
}
