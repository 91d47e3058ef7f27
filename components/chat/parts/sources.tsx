import { Globe } from "lucide-react";
import type { SourcePart } from "@/lib/contract/messages";
import { safeLink } from "../safe-link";

/** Pages the answer rests on. */
export function Sources({ sources }: { sources: readonly SourcePart[] }) {
  return (
    <ul aria-label="Sources" className="flex flex-wrap gap-1.5">
      {sources.map((source) => (
        <li key={source.url} className="max-w-full">
          <SourceChip source={source} />
        </li>
      ))}
    </ul>
  );
}

function SourceChip({ source }: { source: SourcePart }) {
  const link = safeLink(source.url);
  const look = "inline-flex h-6 max-w-full items-center gap-1.5 rounded-xs bg-hover px-1.5 text-ink-2 text-sm";
  const content = (
    <>
      <Globe aria-hidden className="size-3.5 text-ink-3" />
      <span className="truncate">{source.title || source.url}</span>
    </>
  );
  if (!link) return <span className={look}>{content}</span>;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow" className={`${look} hover:bg-active`}>
      {content}
    </a>
  );
}
