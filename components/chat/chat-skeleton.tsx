"use client";

import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** The boxes of a chat page while it loads: top bar, a message, an answer, the composer. Code of the browser: every answer carries it. */
export function ChatSkeleton() {
  return (
    <SkeletonFrame label="Loading the agent" className="flex min-h-0 flex-1 flex-col max-sm:h-(--frame-height)">
      <div className="flex h-(--bar) shrink-0 items-center border-line border-b px-5">
        <Skeleton className="h-3 w-56" />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden px-6 max-sm:px-4">
        <div className="mx-auto flex w-full max-w-(--chat) flex-col gap-2 pt-4 pb-3">
          <Skeleton className="h-15 w-3/5 self-end rounded-lg" />
          <Skeleton className="my-2 h-3 w-48" />
          <Skeleton className="my-1.5 h-3 w-full" />
          <Skeleton className="my-1.5 h-3 w-11/12" />
          <Skeleton className="my-1.5 h-3 w-3/5" />
          <Skeleton className="h-9 w-full rounded-md" />
        </div>
      </div>
      <div className="shrink-0 px-6 pb-4 max-sm:px-2 max-sm:pb-2">
        <div className="mx-auto h-22.5 max-w-(--chat) rounded-lg border border-line-2 bg-raised p-3.5">
          <Skeleton className="h-3 w-40" />
        </div>
      </div>
    </SkeletonFrame>
  );
}
