/** The model of the benchmarks, a process of its own: zero latency, 50 chunks an answer, or what the prompt asks for. */
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { startModelServer } from "../support/model-server";
import { startStampedModel } from "./stamped-model";

/** 50 chunks: about a short paragraph. */
export const CHUNKS = 50;
const answer = reply.text(Array.from({ length: CHUNKS }, (_, index) => `word${index} `));

const stamped = await startStampedModel();
const server = await startModelServer({
  script: byPrompt(
    [
      [
        /^execute8/,
        byStep([
          reply.toolCalls(Array(8).fill({ name: "execute", args: { command: "sleep 0.2" } })),
          reply.text("Done."),
        ]),
      ],
      [
        /^execute1/,
        byStep([reply.toolCalls([{ name: "execute", args: { command: "sleep 0.2" } }]), reply.text("Done.")]),
      ],
      [/^execute/, byStep([reply.toolCalls([{ name: "execute", args: { command: "true" } }]), reply.text("Done.")])],
      [/^hang/, reply.text(["still ", "here"], { earlyEnd: { afterChunks: 1, type: "hang" } })],
    ],
    answer,
  ),
});
process.send?.([server.url, stamped.url]);
