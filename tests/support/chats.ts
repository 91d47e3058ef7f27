/** Chats made over HTTP, for tests of the endpoints around them. */
import type { Chat } from "@/lib/contract/chats";
import type { SignedInClient } from "./api";

/** A chat that wants to run; a default model must exist. */
export async function createChatAs(client: SignedInClient, body: Record<string, unknown> = {}): Promise<Chat> {
  const answer = await client.post("/chats", { content: "Fix the flaky test.", ...body });
  if (answer.status !== 201)
    throw new Error(`Creating a chat answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
