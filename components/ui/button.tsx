import clsx from "clsx";
import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Spinner } from "./spinner";

export type ButtonVariant = "default" | "primary" | "ghost" | "danger" | "ghost-danger";
export type ButtonSize = "sm" | "md" | "lg";

export type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Before the label; a spinner takes its place while busy. */
  icon?: ReactNode;
  /** Keeps the width, shows a spinner and refuses presses. */
  busy?: boolean;
  /** The only child, a link for one, takes the look. */
  asChild?: boolean;
};

const variants = {
  default: "border-line-2 bg-raised text-ink shadow-control hover:bg-hover active:bg-active",
  primary: "border-transparent bg-action text-on-action hover:bg-action-hover",
  ghost: "border-transparent text-ink-2 hover:bg-hover active:bg-active",
  danger: "border-transparent bg-danger-solid text-on-danger hover:brightness-110",
  "ghost-danger": "border-transparent text-danger hover:bg-danger-bg",
} satisfies Record<ButtonVariant, string>;

const sizes = {
  sm: "h-(--control-sm) px-2 text-sm",
  md: "h-(--control-md) px-2.5 text-md",
  lg: "h-(--control-lg) px-3 text-md",
} satisfies Record<ButtonSize, string>;

/** A verb that names the act. One primary per view. */
export function Button({
  variant = "default",
  size = "md",
  icon,
  busy = false,
  asChild = false,
  className,
  children,
  onClick,
  ...props
}: ButtonProps) {
  const look = clsx(
    "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-sm border font-medium",
    "transition-colors duration-(--duration-instant) ease-out disabled:opacity-50 aria-disabled:opacity-50",
    variants[variant],
    sizes[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={look} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      {...props}
      className={look}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && !icon ? <Spinner className="absolute" /> : null}
      {busy && icon ? <Spinner /> : icon}
      <span className={clsx("inline-flex items-center gap-1.5", busy && !icon && "opacity-0")}>{children}</span>
    </button>
  );
}
