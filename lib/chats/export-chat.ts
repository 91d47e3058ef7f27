/** A chat with its whole history as one document, read and sent page by page. Writes nothing. */
import type { Database } from "@/db/client";
import { listMessages } from "@/db/queries/messages";
import { assertNever } from "@/lib/assert-never";
import type { ExportFormat } from "@/lib/contract/chat-queries";
import type { Chat } from "@/lib/contract/chats";
import type { Message } from "@/lib/contract/messages";
import { markdownHead, markdownMessage } from "./export-markdown";
import { getChat } from "./get-chat";

type ExportChat = { chatId: string; ownerId: string; format: ExportFormat };

/** Rows that are in memory at once; the reader's pace decides when the next are read. */
const PAGE = 100;

/** @throws ApiError `not_found` before anything is sent. What fails later cuts the document off. */
export async function exportChat(db: Database, options: ExportChat): Promise<Response> {
  const { chatId, ownerId, format } = options;
  const chat = await getChat(db, { chatId, ownerId });
  const pieces = format === "json" ? jsonPieces(db, chat) : markdownPieces(db, chat);
  return new Response(toStream(pieces), {
    headers: {
      "content-type": mediaTypeOf(format),
      "content-disposition": `attachment; filename="${fileNameOf(chat, format)}"`,
    },
  });
}

function mediaTypeOf(format: ExportFormat): string {
  switch (format) {
    case "markdown":
      return "text/markdown; charset=utf-8";
    case "json":
      return "application/json";
    default:
      return assertNever(format);
  }
}

/** What every file system takes. */
function fileNameOf({ title, id }: Chat, format: ExportFormat): string {
  const words =
    title
      .normalize("NFKD")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const name = words.join("-").slice(0, 60).replace(/-$/, "") || id;
  return `${name}.${format === "json" ? "json" : "md"}`;
}

async function* listAll(db: Database, { id: chatId, owner_id: ownerId }: Chat): AsyncGenerator<Message> {
  let afterId = 0;
  for (;;) {
    const { messages, hasMore } = await listMessages(db, { chatId, ownerId, afterId, limit: PAGE });
    yield* messages;
    afterId = messages.at(-1)?.id ?? afterId;
    if (!hasMore) return;
  }
}

async function* markdownPieces(db: Database, chat: Chat): AsyncGenerator<string> {
  yield markdownHead(chat);
  for await (const message of listAll(db, chat)) yield markdownMessage(message);
}

async function* jsonPieces(db: Database, chat: Chat): AsyncGenerator<string> {
  yield `{"chat":${JSON.stringify(chat)},"messages":[`;
  let isFirst = true;
  for await (const message of listAll(db, chat)) {
    yield `${isFirst ? "" : ","}\n${JSON.stringify(message)}`;
    isFirst = false;
  }
  yield "\n]}\n";
}

/** Reads the next piece when the reader has room for it; a reader that leaves ends the reading. */
function toStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
