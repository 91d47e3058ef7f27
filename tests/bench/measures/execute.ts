/** One `execute true`: from the committed call to the committed result, in a real sandbox. */
import { spawnSync } from "node:child_process";
import type { Chat } from "@/lib/contract/chats";
import { type Client, isIdle, isMessage } from "../client";
import { findProcesses, residentMb } from "../processes";
import { median, type Row } from "../stats";

const SAMPLES = 50;

export async function measureExecute(client: Client): Promise<Row[]> {
  const chat = await client.call<Chat>("POST", "/chats", { content: "execute" });
  const stream = client.stream(`/chats/${chat.id}/stream`);
  await stream.next(isIdle);
  const steps: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await client.call("POST", `/chats/${chat.id}/messages`, { content: "execute" });
    const asked = await stream.next(isMessage("assistant"));
    const answered = await stream.next(isMessage("tool"));
    steps.push(answered.at - asked.at);
    await stream.next(isIdle);
  }
  stream.close();
  const step = median(steps);
  const agents = findProcesses("/run/slipway/agent")
    .map(residentMb)
    .filter((size) => size > 5);
  const agent = Math.max(...agents);
  return [
    {
      what: "one `execute true` step in the sandbox, p50",
      value: step,
      unit: "ms",
      floor: { what: "spawn of sh", value: spawnFloor() },
      target: "≤ 30 ms",
      met: step <= 30,
    },
    { what: "one workspace agent", value: agent, unit: "MB", floor: null, target: "≤ 45 MB", met: agent <= 45 },
  ];
}

function spawnFloor(): number {
  const times = Array.from({ length: SAMPLES }, () => {
    const start = performance.now();
    spawnSync("/bin/sh", ["-c", "true"]);
    return performance.now() - start;
  });
  return median(times);
}
