import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

type SelectFaceProps = Omit<ComponentProps<"button">, "children"> & {
  text: ReactNode;
  placeholder?: string;
};

/** The button of a select: what is chosen, and that there is more. */
export function SelectFace({ text, placeholder, className, ...props }: SelectFaceProps) {
  return (
    <button
      type="button"
      {...props}
      className={clsx(
        "flex h-(--control-lg) w-full items-center gap-2 rounded-sm border border-line-2 bg-raised px-2.5 text-left text-ink shadow-control",
        "data-[state=open]:border-focus data-[placeholder]:text-ink-3 disabled:text-ink-disabled",
        text ? undefined : "text-ink-3",
        className,
      )}
    >
      <span className="min-w-0 flex-1 truncate">{text ?? placeholder}</span>
      <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  );
}
