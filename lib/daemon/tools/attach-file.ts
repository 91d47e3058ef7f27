/** Copies a file of the workspace into the chat. File, link and outcome are one transaction: a repeated call makes no second one. */
import { basename } from "node:path";
import { linkFiles } from "@/db/queries/chat-files";
import { attachFile } from "@/lib/agent/tools/attach-file";
import { errorOutcome } from "@/lib/agent/tools/tool";
import { saveMadeFile } from "@/lib/chats/files";
import { type KeptFile, MAX_FILE_BYTES } from "@/lib/contract/files";
import { failpoint } from "@/lib/failpoint";
import type { RunContext } from "../run-context";
import { type ServerTool, serverTool, success } from "./server-tool";

export const createAttachFile = ({ parts, run, workspace }: RunContext): ServerTool =>
  serverTool(attachFile, async ({ path, name }, { options, record }) => {
    const { signal, onOutput } = options;
    const { connection } = await workspace.connect({ signal, onProgress: (what) => onOutput(`${what}\n`) });
    const read = await connection.readBytes({ path, maxBytes: MAX_FILE_BYTES }, signal);
    if ("problem" in read) return errorOutcome(`${read.problem} Nothing was attached.`);
    const made = { ownerId: run.ownerId, bytes: read.bytes, name: name ?? basename(path) };
    return failpoint("attach.commit", () =>
      parts.writer.sql.begin(async (tx) => {
        const file = await saveMadeFile({ sql: tx, files: parts.files }, made);
        await linkFiles(tx, { ids: [file.id], chatId: run.chatId });
        const outcome = attached(file);
        await record(tx, outcome);
        return outcome;
      }),
    );
  });

const attached = ({ id, name, media_type, size_bytes }: KeptFile) =>
  success({ file_id: id, name, media_type, size_bytes });
