/** The server's memory while 64 chats run, before and after it rendered its first page. */
import type { Chat } from "@/lib/contract/chats";
import type { Client } from "../client";
import { residentMb } from "../processes";
import type { Row } from "../stats";

const CHATS = 64;

export async function measureMemory(
  client: Client,
  options: { serverPid: number; openPage: () => Promise<void> },
): Promise<Row[]> {
  const chats = await Promise.all(
    Array.from({ length: CHATS }, () => client.call<Chat>("POST", "/chats", { content: "hang" })),
  );
  const streams = chats.map((chat) => client.stream(`/chats/${chat.id}/stream`));
  await Promise.all(streams.map((stream) => stream.next(({ data }) => data.type === "message_part")));
  const before = residentMb(options.serverPid);
  await options.openPage();
  const after = residentMb(options.serverPid);
  for (const stream of streams) stream.close();
  await Promise.all(chats.map((chat) => client.call("POST", `/chats/${chat.id}/interrupt`)));
  return [
    row(`server memory with ${CHATS} running chats, no page rendered yet`, before, 400),
    row(`server memory with ${CHATS} running chats, after the first page`, after, 600),
  ];
}

const row = (what: string, value: number, targetMb: number): Row => ({
  what,
  value,
  unit: "MB",
  floor: null,
  target: `≤ ${targetMb} MB`,
  met: value <= targetMb,
});
