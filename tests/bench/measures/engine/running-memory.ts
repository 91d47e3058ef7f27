/** What a running chat and its viewer take of the server's memory. */
import type { Chat } from "@/lib/contract/chats";
import { isPart } from "../../client";
import { residentMb } from "../../processes";
import { type Row, row } from "../../stats";
import type { Engine } from "./open-chat";

const HANGING = 180;

export async function measureRunningMemory({ client, serverPid }: Engine): Promise<Row[]> {
  const before = residentMb(serverPid);
  const chats = await Promise.all(
    Array.from({ length: HANGING }, () => client.call<Chat>("POST", "/chats", { content: "hang" })),
  );
  const streams = chats.map(({ id }) => client.stream(`/chats/${id}/stream`));
  await Promise.all(streams.map((stream) => stream.next(isPart)));
  const each = (residentMb(serverPid) - before) / chats.length;
  await Promise.all(chats.map(({ id }) => client.call("POST", `/chats/${id}/interrupt`)));
  for (const stream of streams) stream.close();
  return [row("server memory a running chat with a viewer", each, "MB", 1)];
}
