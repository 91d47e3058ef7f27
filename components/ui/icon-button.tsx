import clsx from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> & {
  icon: LucideIcon;
  /** The accessible name and the tooltip. */
  label: string;
  /** Shown in the tooltip, for example "⌘K". */
  shortcut?: string;
  size?: "sm" | "md";
  /** Open or pressed. */
  active?: boolean;
  busy?: boolean;
  variant?: "ghost" | "primary" | "default";
  tooltipSide?: "top" | "right" | "bottom" | "left";
};

const variants = {
  ghost: "text-ink-3 hover:bg-hover hover:text-ink-2 data-[state=open]:bg-active data-[state=open]:text-ink",
  primary: "bg-action text-on-action hover:bg-action-hover",
  default: "border border-line-2 bg-raised text-ink shadow-control hover:bg-hover",
} satisfies Record<NonNullable<IconButtonProps["variant"]>, string>;

/** An icon that acts. Always has a name; its tooltip repeats the name and the shortcut. */
export function IconButton({
  icon: Icon,
  label,
  shortcut,
  size = "md",
  active = false,
  busy = false,
  variant = "ghost",
  tooltipSide,
  className,
  onClick,
  ...props
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        aria-busy={busy || undefined}
        {...props}
        onClick={busy ? (event) => event.preventDefault() : onClick}
        className={clsx(
          "inline-flex shrink-0 items-center justify-center rounded-sm transition-colors duration-(--duration-instant) ease-out",
          "disabled:opacity-50 disabled:hover:bg-transparent aria-disabled:opacity-50",
          size === "md" ? "size-(--control-md)" : "size-(--control-sm)",
          variants[variant],
          active && "bg-active text-ink",
          className,
        )}
      >
        {busy ? <Spinner /> : <Icon aria-hidden className={size === "sm" ? "size-3.5" : undefined} />}
      </button>
    </Tooltip>
  );
}
