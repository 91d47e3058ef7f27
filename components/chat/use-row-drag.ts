"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { draggedPosition } from "./queue-order";

type RowDragOptions = { index: number; count: number; onMove: (position: number) => void };

/** A grip that moves its row: dragged by pointer, or with the arrow keys while it has the focus. */
export function useRowDrag({ index, count, onMove }: RowDragOptions) {
  const start = useRef<{ y: number; rowPx: number }>(undefined);
  const [movedPx, setMovedPx] = useState<number>();
  const end = (event: PointerEvent, isKept: boolean) => {
    const from = start.current;
    start.current = undefined;
    setMovedPx(undefined);
    if (!from || !isKept) return;
    const position = draggedPosition({ index, count, movedPx: event.clientY - from.y, rowPx: from.rowPx });
    if (position !== index + 1) onMove(position);
  };
  return {
    movedPx,
    grip: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const row = event.currentTarget.closest("li");
        start.current = { y: event.clientY, rowPx: row?.offsetHeight ?? 30 };
        setMovedPx(0);
      },
      onPointerMove: (event: PointerEvent) => {
        if (start.current) setMovedPx(event.clientY - start.current.y);
      },
      onPointerUp: (event: PointerEvent) => end(event, true),
      onPointerCancel: (event: PointerEvent) => end(event, false),
      onKeyDown: (event: KeyboardEvent) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        const position = index + 1 + by;
        if (position >= 1 && position <= count) onMove(position);
      },
    },
  };
}
