/** Files of people: taken, given back, and named in messages. The bytes go to the store, what they are to the database. */
import type { SqlExecutor } from "@/db/client";
import { insertFile, linkFiles, listFiles } from "@/db/queries/chat-files";
import { ApiError, notFound } from "@/lib/contract/errors";
import {
  isImage,
  type KeptFile,
  type KeptMediaType,
  MAX_FILE_BYTES,
  OTHER_MEDIA_TYPE,
  type UploadedFile,
} from "@/lib/contract/files";
import type { InputContent, MessageContent, StoredPart } from "@/lib/contract/messages";
import { failpoint } from "@/lib/failpoint";
import { cleanFileName, fileDisposition } from "@/lib/file-name";
import type { FileStore } from "@/lib/file-store";
import { detectFileType } from "@/lib/file-type";
import { newId } from "@/lib/ids";

type Place = { sql: SqlExecutor; files: FileStore };
type NewFile = { ownerId: string; bytes: Uint8Array; name: string };

/**
 * A file of a person, which models are shown.
 * @throws ApiError `unprocessable` for a file that is empty, of no known type, or not what it was declared as.
 */
export async function saveFile(place: Place, upload: NewFile & { declared: string }): Promise<UploadedFile> {
  const { bytes, declared } = upload;
  const name = cleanFileName(upload.name);
  const type = detectFileType({ bytes, declared, name });
  if ("problem" in type) throw refused(name, type.problem);
  const file = await keep(place, { ...upload, name, mediaType: type.mediaType });
  return { ...file, media_type: type.mediaType };
}

/**
 * A file that an agent made, for its person to download: of any type.
 * @throws ApiError `unprocessable` for one that is empty or above 10 MiB.
 */
export async function saveMadeFile(place: Place, made: NewFile): Promise<KeptFile> {
  const { bytes } = made;
  const name = cleanFileName(made.name);
  if (bytes.length === 0)
    throw new ApiError("unprocessable", `${JSON.stringify(name)} is empty. Nothing was attached.`);
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ApiError("unprocessable", `${JSON.stringify(name)} is larger than 10 MiB. Nothing was attached.`);
  }
  const type = detectFileType({ bytes, declared: "", name });
  return keep(place, { ...made, name, mediaType: "problem" in type ? OTHER_MEDIA_TYPE : type.mediaType });
}

/** The bytes first: a row without bytes would be a broken file, bytes without a row are swept. */
async function keep({ sql, files }: Place, file: NewFile & { mediaType: KeptMediaType }): Promise<KeptFile> {
  const { ownerId, bytes, name, mediaType } = file;
  const id = newId();
  await failpoint("files.put", () => files.put(id, bytes));
  return insertFile(sql, { id, ownerId, name, mediaType, sizeBytes: bytes.length });
}

const refused = (name: string, problem: string): ApiError =>
  new ApiError(
    "unprocessable",
    `${JSON.stringify(name)} cannot be attached. ${problem} Take an image, a PDF or text of at most 10 MiB.`,
  );

/** A year: an id always names the same bytes. */
const CACHE_CONTROL = "private, max-age=31536000, immutable";

/** The file as it is shown or downloaded. @throws ApiError `not_found`, for another person's too. */
export async function serveFile(
  { sql, files }: Place,
  { fileId, ownerId }: { fileId: string; ownerId: string },
): Promise<Response> {
  const [file] = await listFiles(sql, { ids: [fileId], ownerId });
  const bytes = file && (await files.get(fileId));
  if (!file || !bytes) throw notFound();
  const isShown = isImage(file.media_type) || file.media_type === "text/plain";
  const isText = file.media_type.startsWith("text/");
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      "content-type": isText ? `${file.media_type}; charset=utf-8` : file.media_type,
      "content-length": String(bytes.length),
      "content-disposition": fileDisposition(isShown ? "inline" : "attachment", file.name),
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": CACHE_CONTROL,
    },
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Content with what the database says of its files.
 * @throws ApiError `unprocessable` naming the file that does not exist or is not the sender's.
 */
export async function resolveFiles(
  sql: SqlExecutor,
  { ownerId, content }: { ownerId: string; content: InputContent },
): Promise<MessageContent> {
  if (typeof content === "string") return content;
  const ids = content.flatMap((part) => (part.type === "file" && UUID.test(part.file_id) ? [part.file_id] : []));
  const known = new Map((ids.length > 0 ? await listFiles(sql, { ids, ownerId }) : []).map((file) => [file.id, file]));
  return content.map((part, index) => {
    if (part.type !== "file") return part;
    const file = known.get(part.file_id.toLowerCase());
    if (file) return { type: "file", file_id: file.id, media_type: file.media_type, name: file.name };
    const message = `The file ${JSON.stringify(part.file_id)} cannot be attached: it does not exist or is not yours. Upload it first.`;
    throw new ApiError("unprocessable", message, {
      validations: [{ field: `content.${index}.file_id`, detail: message }],
    });
  });
}

/** Keeps the files of a message for as long as its chat is there. Nothing is written for a message without files. */
export async function linkFilesOf(
  tx: SqlExecutor,
  { chatId, parts }: { chatId: string; parts: readonly StoredPart[] },
): Promise<void> {
  const ids = parts.flatMap((part) => (part.type === "file" ? [part.file_id] : []));
  if (ids.length > 0) await linkFiles(tx, { ids, chatId });
}
