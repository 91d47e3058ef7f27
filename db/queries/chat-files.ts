/** Rows of files and of the chats that name them. The bytes are elsewhere; whoever calls keeps the two together. */
import type { SqlExecutor } from "@/db/client";
import type { KeptFile, KeptMediaType } from "@/lib/contract/files";

export type NewFile = { id: string; ownerId: string; name: string; mediaType: KeptMediaType; sizeBytes: number };

export async function insertFile(sql: SqlExecutor, file: NewFile): Promise<KeptFile> {
  const [row] = await sql<KeptFile[]>`
    INSERT INTO chat_files (id, owner_id, name, media_type, size_bytes)
    VALUES (${file.id}, ${file.ownerId}, ${file.name}, ${file.mediaType}, ${file.sizeBytes})
    RETURNING id, name, media_type, size_bytes, created_at`;
  return row as KeptFile;
}

/** Those of the files that are this person's. Primary key. */
export async function listFiles(
  sql: SqlExecutor,
  { ids, ownerId }: { ids: string[]; ownerId: string },
): Promise<KeptFile[]> {
  return sql<KeptFile[]>`
    SELECT id, name, media_type, size_bytes, created_at FROM chat_files
    WHERE id = ANY(${ids}::uuid[]) AND owner_id = ${ownerId}`;
}

/** Says that the chat names these files, so that they stay. Those that are gone are left out. */
export async function linkFiles(sql: SqlExecutor, { ids, chatId }: { ids: string[]; chatId: string }): Promise<void> {
  await sql`
    INSERT INTO chat_file_links (file_id, chat_id) SELECT id, ${chatId} FROM chat_files WHERE id = ANY(${ids}::uuid[])
    ON CONFLICT DO NOTHING`;
}

/** Removes up to a hundred rows of files that no chat has named for a day; returns their ids. Index on `created_at`. */
export async function deleteOrphanedFiles(sql: SqlExecutor): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    DELETE FROM chat_files WHERE id IN (
      SELECT id FROM chat_files f WHERE created_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM chat_file_links l WHERE l.file_id = f.id)
      LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id);
}

/** Those of the ids that have a row. Primary key. */
export async function listKnownFiles(sql: SqlExecutor, { ids }: { ids: string[] }): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`SELECT id FROM chat_files WHERE id = ANY(${ids}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
}
