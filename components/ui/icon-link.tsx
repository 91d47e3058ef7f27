import clsx from "clsx";
import type { LucideIcon } from "lucide-react";
import { Link } from "./link";
import { Tooltip } from "./tooltip";

/** A link that looks like an icon button. */
export function IconLink(props: { icon: LucideIcon; label: string; href: string; className?: string }) {
  const Icon = props.icon;
  return (
    <Tooltip label={props.label}>
      <Link
        href={props.href}
        aria-label={props.label}
        className={clsx(
          "inline-flex size-(--control-md) shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink-2",
          props.className,
        )}
      >
        <Icon aria-hidden />
      </Link>
    </Tooltip>
  );
}
