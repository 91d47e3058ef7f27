/** The files that a prompt names, read once a run: the model port gets them with every request. Decides nothing. */
import type { SqlExecutor } from "@/db/client";
import { listFiles } from "@/db/queries/chat-files";
import type { ModelPort, PromptFile, PromptMessage } from "@/lib/agent/types";
import { failpoint } from "@/lib/failpoint";
import type { FileStore } from "@/lib/file-store";

type Options = { model: ModelPort; sql: SqlExecutor; files: FileStore; ownerId: string };

/** The model port with files in its requests. One that is gone is left out; the prompt then says so. */
export function withPromptFiles({ model, sql, files, ownerId }: Options): ModelPort {
  const read = new Map<string, PromptFile>();

  async function readMissing(messages: readonly PromptMessage[]): Promise<void> {
    const ids = new Set<string>();
    for (const { role, parts } of messages) {
      if (role !== "user") continue;
      for (const part of parts) if (part.type === "file" && !read.has(part.file_id)) ids.add(part.file_id);
    }
    if (ids.size === 0) return;
    const rows = await failpoint("turn.files", () => listFiles(sql, { ids: [...ids], ownerId }));
    for (const { id, media_type: mediaType } of rows) {
      const bytes = await files.get(id);
      if (bytes) read.set(id, { mediaType, bytes });
    }
  }

  return {
    ...model,
    async stream(request, options) {
      await readMissing(request.messages);
      return model.stream(read.size > 0 ? { ...request, files: read } : request, options);
    },
  };
}
