/** Files of chats as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
export const MAX_FILE_NAME_CHARACTERS = 255;

/** What may be uploaded, by what the bytes are. */
export const FILE_MEDIA_TYPES = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "application/pdf",
  "application/json",
  "text/csv",
  "text/markdown",
  "text/plain",
] as const;
export type FileMediaType = (typeof FILE_MEDIA_TYPES)[number];

/** What an agent attached and is none of those: kept, and only ever downloaded. */
export const OTHER_MEDIA_TYPE = "application/octet-stream";
export const KEPT_MEDIA_TYPES = [...FILE_MEDIA_TYPES, OTHER_MEDIA_TYPE] as const;
export type KeptMediaType = (typeof KEPT_MEDIA_TYPES)[number];

export const uploadedFileSchema = z.object({
  id: z.string(),
  name: z.string(),
  media_type: z.enum(FILE_MEDIA_TYPES),
  size_bytes: z.number().int(),
  created_at: z.string(),
});
export type UploadedFile = z.infer<typeof uploadedFileSchema>;
export type KeptFile = Omit<UploadedFile, "media_type"> & { media_type: KeptMediaType };

export const isImage = (mediaType: string): boolean => mediaType.startsWith("image/");
