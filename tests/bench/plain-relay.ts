/**
 * The floor of the way from the model, a process of its own: every request asks the stamped model for what its query
 * says, reads the answer as events, and writes each to its client. Plain Node, nothing kept.
 */
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createSseDecoder } from "@/lib/contract/sse";

const agent = new Agent({ keepAlive: true });
const [, , modelUrl = ""] = process.argv;

const server = createServer((incoming, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const decoder = createSseDecoder();
  let seq = 0;
  const asking = request(`${modelUrl}/v1/chat/completions`, { method: "POST", agent }, (answer) => {
    answer.setEncoding("utf8").on("data", (text: string) => {
      for (const { data } of decoder.push(text)) {
        const delta = data === "[DONE]" ? undefined : JSON.parse(data).choices[0].delta.content;
        if (delta === undefined) continue;
        seq += 1;
        const part = { type: "message_part", role: "assistant", part: { type: "text", delta }, episode: "1.1", seq };
        response.write(`event: message_part\nid: ${seq}\ndata: ${JSON.stringify(part)}\n\n`);
      }
    });
    answer.on("end", () => response.end());
  });
  asking.on("error", () => response.destroy());
  response.on("close", () => asking.destroy());
  asking.end(decodeURIComponent(incoming.url?.split("?")[1] ?? ""));
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
