"use client";

import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** A settings page while it loads: its head and its first box. Code of the browser: every answer carries it. */
export function SettingsSkeleton() {
  return (
    <SkeletonFrame label="Loading settings" className="min-w-0 flex-1 px-4 py-6 sm:px-8 lg:px-10">
      <div className="mx-auto max-w-(--page)">
        <Skeleton className="mb-6 h-6 w-32" />
        <Skeleton className="h-72 w-full rounded-md" />
      </div>
    </SkeletonFrame>
  );
}
