import clsx from "clsx";
import type { ReactNode, Ref } from "react";

type ScrollBoxProps = { label: string; className: string; ref?: Ref<HTMLDivElement>; children: ReactNode };

/** A part of the page that scrolls by itself, also by keyboard. Named, but no landmark: a page has dozens of them. */
export function ScrollBox({ label, className, ref, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a form's group
    <div
      ref={ref}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className={clsx("focus-ring-inset", className)}
    >
      {children}
    </div>
  );
}
