import { saveFile } from "@/lib/chats/files";
import { MAX_FILE_BYTES, uploadedFileSchema } from "@/lib/contract/files";
import { readFileName } from "@/lib/file-name";
import { readBytes, route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Takes a file for messages: its bytes as the body, its name in Content-Disposition.",
    takesBytes: { limit: MAX_FILE_BYTES },
    response: uploadedFileSchema,
    status: 201,
  },
  async ({ request, runtime, actor }) =>
    saveFile(runtime, {
      ownerId: actor.userId,
      bytes: await readBytes(request, MAX_FILE_BYTES),
      declared: request.headers.get("content-type") ?? "",
      name: readFileName(request.headers.get("content-disposition")),
    }),
);
