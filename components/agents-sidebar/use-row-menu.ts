"use client";

import { type KeyboardEvent, type MouseEvent, type TouchEvent, useRef, useState } from "react";

/** As long as the platforms' own menus take. */
const LONG_PRESS_MS = 500;
/** A finger that moves this far scrolls or drags. */
const SLOP_PX = 8;

/** Where a menu opens: at the pointer, in pixels of its row, or null for where its button stands. */
export type MenuAnchor = { x: number; y: number } | null;

/** Opens a row's menu by its button, right click, the menu key or a long press; the press does not follow the link. */
export function useRowMenu() {
  const [menu, setMenu] = useState<{ anchor: MenuAnchor } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const wasLong = useRef(false);
  const byKey = useRef(false);
  const cancel = () => clearTimeout(timer.current);
  return {
    menu,
    open: () => setMenu({ anchor: null }),
    close: () => setMenu(null),
    handlers: {
      onTouchStart(event: TouchEvent) {
        const touch = event.touches[0];
        if (!touch) return;
        start.current = { x: touch.clientX, y: touch.clientY };
        wasLong.current = false;
        timer.current = setTimeout(() => {
          wasLong.current = true;
          setMenu({ anchor: null });
        }, LONG_PRESS_MS);
      },
      onTouchMove(event: TouchEvent) {
        const touch = event.touches[0];
        const { x, y } = start.current;
        if (touch && Math.hypot(touch.clientX - x, touch.clientY - y) > SLOP_PX) cancel();
      },
      onTouchEnd: cancel,
      onTouchCancel: cancel,
      onKeyDown(event: KeyboardEvent) {
        byKey.current = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
      },
      onClick(event: MouseEvent) {
        if (!wasLong.current) return;
        wasLong.current = false;
        event.preventDefault();
      },
      onContextMenu(event: MouseEvent) {
        event.preventDefault();
        cancel();
        const isPointer = event.button === 2 && !byKey.current;
        wasLong.current = event.button === 0;
        const box = event.currentTarget.getBoundingClientRect();
        setMenu({ anchor: isPointer ? { x: event.clientX - box.left, y: event.clientY - box.top } : null });
      },
    },
  };
}
