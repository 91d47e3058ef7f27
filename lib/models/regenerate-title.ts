/** A person asks for another title: of everything that was said so far, over whatever title stands now. */
import { findTitleFacts, updateGeneratedTitle } from "@/db/queries/chat-titles";
import { bookkeepingHint } from "@/lib/chats/bookkeeping-hint";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { PubSub } from "@/lib/pubsub";
import type { AsideContext } from "./aside";
import { generateTitle } from "./title";

type Regenerate = { context: AsideContext & { pubsub: PubSub }; chatId: string; ownerId: string; signal: AbortSignal };

/** @throws ApiError `not_found`; `conflict` when the title changed meanwhile; `unavailable` when no model gave one. */
export async function regenerateTitle({ context, chatId, ownerId, signal }: Regenerate): Promise<void> {
  const chat = await findTitleFacts(context.sql, { chatId, ownerId });
  if (!chat) throw notFound();
  if (chat.first === null) throw new ApiError("conflict", "This agent has no message yet that a title could name.");
  const owner = { chatId, ownerId, rootChatId: chat.rootChatId ?? chatId };
  const texts = { first: chat.first, lately: chat.lately };
  const made = await generateTitle(context, { owner, modelConfigId: chat.modelConfigId, texts, signal });
  if ("reason" in made) throw new ApiError("unavailable", `No title was given: ${made.reason} Try again, or type one.`);
  const { title } = made;
  const isWritten = await updateGeneratedTitle(context.sql, {
    chatId,
    title,
    over: { title: chat.title, source: chat.titleSource },
  });
  if (!isWritten) throw new ApiError("conflict", "The title was changed meanwhile. The newer one stands.");
  context.pubsub.publish(bookkeepingHint({ chatId, ownerId, rootChatId: chat.rootChatId, watch: ["title_change"] }));
}
