"use client";

import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** The boxes of the new-agent page while it loads: question, repository, task. Code of the browser: every answer carries it. */
export function NewAgentSkeleton() {
  return (
    <SkeletonFrame
      label="Loading"
      className="mx-auto flex w-full max-w-170 flex-1 flex-col justify-center px-6 py-10 max-sm:px-3 max-sm:pt-5 max-sm:pb-4 sm:pb-32"
    >
      <div className="mb-5 flex h-8 items-center max-sm:mb-3">
        <Skeleton className="h-5 w-72" />
      </div>
      <div className="mb-2 flex flex-wrap gap-1.5">
        <Skeleton className="h-(--control-md) w-36 rounded-sm pointer-coarse:h-9" />
        <Skeleton className="h-(--control-md) w-36 rounded-sm pointer-coarse:h-9" />
      </div>
      <div className="h-41.5 rounded-lg border border-line-2 bg-raised p-3.5 max-sm:h-33.5">
        <Skeleton className="h-3 w-3/4" />
      </div>
      <div className="mt-3 flex h-4 items-center">
        <Skeleton className="h-2.5 w-80" />
      </div>
    </SkeletonFrame>
  );
}
