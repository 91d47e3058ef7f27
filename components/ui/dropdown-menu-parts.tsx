"use client";

import clsx from "clsx";
import { Check, type LucideIcon } from "lucide-react";
import { DropdownMenu as Base } from "radix-ui";
import { type ComponentProps, type ReactNode, type RefObject, useEffect, useId, useRef } from "react";
import { createPortal } from "react-dom";
import { Link } from "./link";
import { menuItem, menuSurface } from "./menu-look";

export const DropdownMenuRadioGroup = Base.RadioGroup;
export const DropdownMenuGroup = Base.Group;

/** What the button and the menu know of each other. */
export type MenuControl = {
  isOpen: boolean;
  /** Opened by a key: the first item takes the focus. */
  isByKey: boolean;
  open: (isByKey: boolean) => void;
  close: () => void;
  trigger: RefObject<HTMLElement | null>;
};

type SurfaceProps = ComponentProps<typeof Base.Content> & { menu: MenuControl };

/** The open menu, at its trigger's place. It mounts open, so the trigger is told of and not wrapped. */
export function DropdownMenuSurface({ menu, className, ...props }: SurfaceProps) {
  const { trigger } = menu;
  const content = useRef<HTMLDivElement>(null);
  const box = trigger.current?.getBoundingClientRect();
  useEffect(() => {
    if (menu.isByKey) content.current?.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus();
  }, [menu.isByKey]);
  return (
    <Base.Root open onOpenChange={(open) => open || menu.close()}>
      {createPortal(
        <Base.Trigger asChild>
          <span
            aria-hidden
            className="pointer-events-none fixed"
            style={{ left: box?.left, top: box?.top, width: box?.width, height: box?.height }}
          />
        </Base.Trigger>,
        document.body,
      )}
      <Base.Portal>
        <Base.Content
          ref={content}
          sideOffset={4}
          align="start"
          collisionPadding={8}
          data-sheet
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            trigger.current?.focus({ preventScroll: true });
          }}
          {...props}
          className={clsx(
            menuSurface,
            "max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80",
            className,
          )}
        />
      </Base.Portal>
    </Base.Root>
  );
}

type ItemProps = Omit<ComponentProps<typeof Base.Item>, "children" | "asChild"> & {
  icon?: LucideIcon;
  children: ReactNode;
  /** Why it cannot be used now: disables the item and is its second line. */
  reason?: string | null;
  danger?: boolean;
};

/** A menu entry. With `reason` it stays readable, is not selectable and says why. */
export function DropdownMenuItem({ icon: Icon, children, reason, danger, className, ...props }: ItemProps) {
  const reasonId = useId();
  return (
    <Base.Item
      {...props}
      disabled={props.disabled || Boolean(reason)}
      aria-describedby={reason ? reasonId : undefined}
      className={clsx(menuItem, danger && "text-danger [&>.lucide]:text-danger", className)}
    >
      {Icon ? <Icon aria-hidden className={reason ? "mt-0.5 opacity-60" : undefined} /> : null}
      <span className="min-w-0 flex-1">
        {children}
        {reason ? (
          <span id={reasonId} className="block text-ink-3 text-sm">
            {reason}
          </span>
        ) : null}
      </span>
    </Base.Item>
  );
}

/** An entry that is a link. */
export function DropdownMenuLink({
  icon: Icon,
  href,
  children,
}: {
  icon?: LucideIcon;
  href: string;
  children: ReactNode;
}) {
  return (
    <Base.Item asChild className={menuItem}>
      <Link href={href}>
        {Icon ? <Icon aria-hidden /> : null}
        <span className="min-w-0 flex-1">{children}</span>
      </Link>
    </Base.Item>
  );
}

/** One of several; the chosen one has a check at its end. */
export function DropdownMenuRadioItem({
  children,
  hint,
  ...props
}: ComponentProps<typeof Base.RadioItem> & { hint?: ReactNode }) {
  return (
    <Base.RadioItem {...props} className={menuItem}>
      <span className="min-w-0 flex-1">
        {children}
        {hint ? <span className="block text-ink-3 text-sm">{hint}</span> : null}
      </span>
      <Base.ItemIndicator>
        <Check aria-hidden className="size-3.5" />
      </Base.ItemIndicator>
    </Base.RadioItem>
  );
}

/** A caption over a group. */
export function DropdownMenuLabel({ children }: { children: ReactNode }) {
  return <Base.Label className="px-2 pt-1.5 pb-0.5 font-medium text-ink-3 text-xs">{children}</Base.Label>;
}

export function DropdownMenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 border-line border-t" />;
}
