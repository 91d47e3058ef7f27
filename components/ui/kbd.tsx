import type { ReactNode } from "react";

/** A key, as it is printed on the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="min-w-4.5 rounded-xs border border-line-2 bg-page px-1 text-center font-medium text-ink-3 text-xs">
      {children}
    </kbd>
  );
}
