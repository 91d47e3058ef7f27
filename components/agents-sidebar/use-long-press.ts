"use client";

import { type MouseEvent, useRef, useState } from "react";

/** As long as the platforms' own menus take. */
const LONG_PRESS_MS = 500;

/** Opens a menu by right click, the menu key, or a long press; the press does not follow the link. */
export function useLongPress() {
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasLong = useRef(false);
  const cancel = () => clearTimeout(timer.current);
  return {
    isOpen,
    setOpen,
    handlers: {
      onTouchStart() {
        wasLong.current = false;
        timer.current = setTimeout(() => {
          wasLong.current = true;
          setOpen(true);
        }, LONG_PRESS_MS);
      },
      onTouchEnd: cancel,
      onTouchMove: cancel,
      onTouchCancel: cancel,
      onClick(event: MouseEvent) {
        if (!wasLong.current) return;
        wasLong.current = false;
        event.preventDefault();
      },
      onContextMenu(event: MouseEvent) {
        event.preventDefault();
        cancel();
        wasLong.current = event.button === 0;
        setOpen(true);
      },
    },
  };
}
