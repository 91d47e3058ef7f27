import type { UploadedFile } from "@/lib/contract/files";

/** A file on its way into a message. `key` is of this page, before the server has given an id. */
export type Attachment = { key: string; name: string; mediaType: string; sizeBytes: number } & (
  | { state: "uploading" }
  | { state: "uploaded"; fileId: string }
  | { state: "failed"; reason: string }
);

export type AttachmentAction =
  | { type: "added"; attachment: Attachment }
  | { type: "uploaded"; key: string; file: UploadedFile }
  | { type: "failed"; key: string; reason: string }
  | { type: "removed"; key: string }
  | { type: "replaced"; attachments: readonly Attachment[] };

/** An upload that ends after its file was removed changes nothing: it does not come back. */
export function reduceAttachments(attachments: readonly Attachment[], action: AttachmentAction): readonly Attachment[] {
  switch (action.type) {
    case "added":
      return [...attachments, action.attachment];
    case "removed":
      return attachments.filter(({ key }) => key !== action.key);
    case "replaced":
      return action.attachments;
    case "uploaded":
      return settle(attachments, action.key, {
        state: "uploaded",
        fileId: action.file.id,
        name: action.file.name,
        mediaType: action.file.media_type,
      });
    case "failed":
      return settle(attachments, action.key, { state: "failed", reason: action.reason });
  }
}

type Settled =
  | { state: "uploaded"; fileId: string; name: string; mediaType: string }
  | { state: "failed"; reason: string };

const settle = (attachments: readonly Attachment[], key: string, settled: Settled): readonly Attachment[] =>
  attachments.some((each) => each.key === key)
    ? attachments.map((each) => (each.key === key ? { ...each, ...settled } : each))
    : attachments;

/** More than this of pasted text is a file: it would bury what is typed around it. */
const LONG_PASTE_CHARS = 10_000;

/** A long paste as a file; undefined when it belongs into the field. */
export function toPastedFile(text: string, number: number): File | undefined {
  if (text.length <= LONG_PASTE_CHARS) return undefined;
  return new File([text], `pasted-${number}.txt`, { type: "text/plain" });
}
