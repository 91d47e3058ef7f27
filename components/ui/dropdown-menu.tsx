"use client";

import { Slot } from "radix-ui";
import {
  type ComponentProps,
  createContext,
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  Suspense,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import type { MenuControl } from "./dropdown-menu-parts";

/** The menu itself: its code comes when a person first reaches for one. */
const load = () => import("./dropdown-menu-parts");

const MenuContext = createContext<MenuControl | null>(null);

function useMenu(): MenuControl {
  const menu = useContext(MenuContext);
  if (!menu) throw new Error("This stands inside a DropdownMenu.");
  return menu;
}

type DropdownMenuProps = { open?: boolean; onOpenChange?: (open: boolean) => void; children: ReactNode };

/** A button and the menu it opens. */
export function DropdownMenu({ open, onOpenChange, children }: DropdownMenuProps) {
  const [own, setOwn] = useState(false);
  const [isByKey, setByKey] = useState(false);
  const trigger = useRef<HTMLElement>(null);
  const isOpen = open ?? own;
  const menu = useMemo<MenuControl>(() => {
    const change = (next: boolean) => {
      setOwn(next);
      onOpenChange?.(next);
    };
    return {
      isOpen,
      isByKey,
      trigger,
      open(byKey) {
        setByKey(byKey);
        change(true);
      },
      close: () => change(false),
    };
  }, [isOpen, isByKey, onOpenChange]);
  return <MenuContext value={menu}>{children}</MenuContext>;
}

/** Opens the menu by click, Enter, Space and the down arrow. */
export function DropdownMenuTrigger({ asChild, ...props }: ComponentProps<"button"> & { asChild?: boolean }) {
  const menu = useMenu();
  const Root = asChild ? Slot.Root : "button";
  return (
    <Root
      {...(asChild ? null : { type: "button" as const })}
      {...props}
      ref={menu.trigger as RefObject<HTMLButtonElement | null>}
      aria-haspopup="menu"
      aria-expanded={menu.isOpen}
      data-state={menu.isOpen ? "open" : "closed"}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      // A click without a pointer comes from a key.
      onClick={(event: MouseEvent) => menu.open(event.detail === 0)}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        menu.open(true);
      }}
    />
  );
}

type Parts = Awaited<ReturnType<typeof load>>;

const Surface = lazy(async () => ({ default: (await load()).DropdownMenuSurface }));

/** The floating list; a bottom sheet on a phone. */
export function DropdownMenuContent(props: Omit<ComponentProps<Parts["DropdownMenuSurface"]>, "menu">) {
  const menu = useMenu();
  if (!menu.isOpen) return null;
  return (
    <Suspense>
      <Surface {...props} menu={menu} />
    </Suspense>
  );
}

export const DropdownMenuRadioGroup = lazy(async () => ({ default: (await load()).DropdownMenuRadioGroup }));
export const DropdownMenuGroup = lazy(async () => ({ default: (await load()).DropdownMenuGroup }));
export const DropdownMenuItem = lazy(async () => ({ default: (await load()).DropdownMenuItem }));
export const DropdownMenuLink = lazy(async () => ({ default: (await load()).DropdownMenuLink }));
export const DropdownMenuRadioItem = lazy(async () => ({ default: (await load()).DropdownMenuRadioItem }));
export const DropdownMenuLabel = lazy(async () => ({ default: (await load()).DropdownMenuLabel }));
export const DropdownMenuSeparator = lazy(async () => ({ default: (await load()).DropdownMenuSeparator }));
