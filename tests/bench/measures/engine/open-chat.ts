/** What the measures of the engine share: a server with its models, and its chats. */
import type { createSql } from "@/db/connect";
import type { Chat } from "@/lib/contract/chats";
import { type Arrival, type Client, isIdle, type Stream } from "../../client";

export type Engine = {
  client: Client;
  serverPid: number;
  stampedModelId: string;
  stampedUrl: string;
  sql: ReturnType<typeof createSql>;
  /** Resident memory of the server without its garbage, in MB. */
  heldMb(): Promise<number>;
};

export type OpenChat = { chat: Chat; stream: Stream };

export async function openChat(
  client: Client,
  body: Record<string, unknown> = { content: "hello" },
): Promise<OpenChat> {
  const chat = await client.call<Chat>("POST", "/chats", body);
  const stream = client.stream(`/chats/${chat.id}/stream`);
  await stream.next(isIdle);
  return { chat, stream };
}

export const isVersionAfter = (version: number) => (event: Arrival) =>
  isIdle(event) && Number(event.data.version) > version;
