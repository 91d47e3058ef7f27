"use client";

import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** A usage page while it loads: its head, six figures, chart and first table. Code of the browser: every answer carries it. */
export function CostSkeleton() {
  return (
    <SkeletonFrame label="Loading usage" className="min-w-0 flex-1 px-4 py-6 sm:px-8 lg:px-10">
      <div className="mx-auto grid max-w-(--page) gap-6">
        <Skeleton className="h-8 w-40" />
        <Skeleton className="h-23 w-full rounded-md" />
        <Skeleton className="h-60 w-full rounded-md" />
        <Skeleton className="h-48 w-full rounded-md" />
      </div>
    </SkeletonFrame>
  );
}
