/** The floor of a fan-out, a process of its own: Node's HTTP server writing the same stamped events to every client. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { machineClock } from "./clock";

const clients = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": open\n\n");
  clients.add(response);
  response.once("close", () => clients.delete(response));
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on("message", () => {
  const part = { role: "assistant", part: { type: "text", delta: `[${machineClock()}]` }, episode: "1.1", seq: 1 };
  const event = Buffer.from(
    `event: message_part\nid: 1\ndata: ${JSON.stringify({ type: "message_part", ...part })}\n\n`,
  );
  for (const client of clients) client.write(event);
});
