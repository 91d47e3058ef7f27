import clsx from "clsx";
import type { ReactNode } from "react";

/** What is missing, what to do, one button. */
export function EmptyState({
  title,
  hint,
  action,
  className,
}: {
  title: string;
  hint: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={clsx("rounded-md border border-line-2 border-dashed px-3 py-4 text-md", className)}>
      <p className="font-medium text-ink">{title}</p>
      <p className="mt-0.5 text-ink-3 text-sm">{hint}</p>
      {action ? <div className="mt-3 flex">{action}</div> : null}
    </div>
  );
}
