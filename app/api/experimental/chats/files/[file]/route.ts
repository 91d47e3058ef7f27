import { serveFile } from "@/lib/chats/files";
import { filePathSchema } from "@/lib/contract/chat-queries";
import { KEPT_MEDIA_TYPES } from "@/lib/contract/files";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Gives a file of the caller: images and plain text to be shown, everything else to be saved.",
    params: filePathSchema,
    produces: KEPT_MEDIA_TYPES,
  },
  async ({ runtime, actor, params }) => serveFile(runtime, { fileId: params.file, ownerId: actor.userId }),
);
