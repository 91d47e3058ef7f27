"use client";

import { FileDiff } from "lucide-react";
import { memo } from "react";
import { formatPlural } from "@/lib/format";
import type { ChangedFile, FilesChanged } from "./files-changed";
import { ToolCard } from "./tools/tool-card";
import { DiffCount, UnifiedDiff } from "./tools/unified-diff";
import { WorkLine } from "./work-line";

/** What a turn changed, file by file, at its end. */
export const FilesChangedCard = memo(function FilesChangedCard({ summary }: { summary: FilesChanged }) {
  const { files, additions, deletions } = summary;
  return (
    <ToolCard
      icon={FileDiff}
      state="done"
      verb={`${formatPlural(files.length, "file")} changed`}
      note={<DiffCount additions={additions} deletions={deletions} />}
      defaultOpen
      openOnPhone
    >
      <ul className="border-line border-t">
        {files.map((file) => (
          <li key={file.path} className="border-line px-3 not-first:border-t">
            <ChangedFileLine file={file} />
          </li>
        ))}
      </ul>
    </ToolCard>
  );
});

function ChangedFileLine({ file }: { file: ChangedFile }) {
  return (
    <WorkLine
      slot={file.path}
      icon={FileDiff}
      verb={<code className="text-sm">{file.path}</code>}
      object={file.isCreated ? "new" : undefined}
      meta={<DiffCount additions={file.additions} deletions={file.deletions} />}
    >
      <div className="-mx-3 border-line border-b">
        {file.diffs.map((diff, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes only ever join at the end
          <UnifiedDiff key={index} diff={diff} path={file.path} />
        ))}
      </div>
    </WorkLine>
  );
}
