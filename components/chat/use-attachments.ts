"use client";

import { useCallback, useMemo, useReducer, useRef } from "react";
import { errorText, filesClient } from "@/lib/contract/client";
import { formatBytes } from "@/lib/format";
import { type Attachment, reduceAttachments, toPastedFile } from "./attachments";

/** What the server takes of one file. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Files of the message that is being written: each goes up at once, alone, and can be taken away at any time. */
export function useAttachments() {
  const [attachments, dispatch] = useReducer(reduceAttachments, []);
  const count = useRef(0);
  const uploads = useRef(new Map<string, AbortController>());

  const add = useCallback((files: readonly File[]) => {
    for (const file of files) {
      const key = String(++count.current);
      const base = { key, name: file.name, mediaType: file.type, sizeBytes: file.size };
      if (file.size > MAX_FILE_BYTES) {
        const reason = `${formatBytes(file.size)}; a file may have ${formatBytes(MAX_FILE_BYTES)}.`;
        dispatch({ type: "added", attachment: { ...base, state: "failed", reason } });
        continue;
      }
      dispatch({ type: "added", attachment: { ...base, state: "uploading" } });
      const controller = new AbortController();
      uploads.current.set(key, controller);
      filesClient
        .upload(file, { signal: controller.signal })
        .then(
          (uploaded) => dispatch({ type: "uploaded", key, file: uploaded }),
          (error: unknown) => dispatch({ type: "failed", key, reason: errorText(error) }),
        )
        .finally(() => uploads.current.delete(key));
    }
  }, []);
  const remove = useCallback((key: string) => {
    uploads.current.get(key)?.abort();
    dispatch({ type: "removed", key });
  }, []);
  const replace = useCallback((next: readonly Attachment[]) => dispatch({ type: "replaced", attachments: next }), []);
  const pasteText = useCallback(
    (text: string) => {
      const file = toPastedFile(text, count.current + 1);
      if (file) add([file]);
      return file !== undefined;
    },
    [add],
  );
  return useMemo(
    () => ({ attachments, add, remove, replace, pasteText }),
    [attachments, add, remove, replace, pasteText],
  );
}
