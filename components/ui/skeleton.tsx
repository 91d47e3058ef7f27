import clsx from "clsx";
import type { ReactNode } from "react";

/** A block in the shape of what loads. Size it with width and height utilities. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("block animate-shimmer rounded-xs bg-skeleton", className)} />;
}

/**
 * The frame around skeletons: invisible for the first 150 ms, so that a fast answer never flashes, and one status for
 * assistive technology.
 */
export function SkeletonFrame({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div role="status" className={clsx("skeleton-frame", className)}>
      <span className="hidden-text">{label}</span>
      {children}
    </div>
  );
}
