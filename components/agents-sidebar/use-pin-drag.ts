"use client";

import { type MouseEvent, type PointerEvent, useEffect, useLayoutEffect, useRef } from "react";
import { PIN_ROW, placeOfDrag, type RowBox } from "./pin-drag";

/** A press that moves less is a click. */
const MOUSE_SLOP_PX = 5;
/** A finger holds this long before it drags; sooner it scrolls. The menu of a long press opens later. */
const TOUCH_HOLD_MS = 200;
const TOUCH_SLOP_PX = 8;
/** A drop ends with a click that is not meant. */
const SWALLOW_MS = 300;
/** The new order is drawn within this time, or it was refused. */
const SETTLE_MS = 500;

type Drag = {
  pointerId: number;
  startY: number;
  startX: number;
  row: HTMLElement;
  isArmed: boolean;
  boxes: RowBox[] | null;
  rows: HTMLElement[];
  from: number;
  place: number;
  timer: ReturnType<typeof setTimeout> | undefined;
};

type PinDragOptions = {
  isEnabled: boolean;
  /** The rows' ids in the order in which they are drawn. */
  order: string;
  /** The row's new place among the rows of the section, counted from 0. */
  onDrop: (chatId: string, place: number) => void;
};

/**
 * Rows of one section are dragged to another place, up and down only. While dragging, styles alone move the rows; the
 * drop clears them in the same frame in which the new order is drawn, so that nothing jumps back.
 */
export function usePinDrag({ isEnabled, order, onDrop }: PinDragOptions) {
  const drag = useRef<Drag | null>(null);
  /** Dropped, and still moved by its styles until the new order is drawn. */
  const dropped = useRef<Drag | null>(null);
  const droppedAt = useRef(0);
  const section = useRef<HTMLDivElement>(null);

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const row = (event.target as Element).closest<HTMLElement>(`[${PIN_ROW}]`);
    if (!isEnabled || !row || event.button !== 0 || drag.current) return;
    const isTouch = event.pointerType === "touch";
    const started: Drag = {
      pointerId: event.pointerId,
      startX: event.clientX,
      startY: event.clientY,
      row,
      isArmed: !isTouch,
      boxes: null,
      rows: [],
      from: 0,
      place: 0,
      timer: undefined,
    };
    if (isTouch) {
      started.timer = setTimeout(() => {
        started.isArmed = true;
      }, TOUCH_HOLD_MS);
    }
    drag.current = started;
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const current = drag.current;
    if (!current || event.pointerId !== current.pointerId) return;
    const moved = Math.hypot(event.clientX - current.startX, event.clientY - current.startY);
    if (!current.boxes) {
      const slop = event.pointerType === "touch" ? TOUCH_SLOP_PX : MOUSE_SLOP_PX;
      if (moved <= slop) return;
      // A menu that opened meanwhile, or a finger that scrolls, is no drag.
      if (!current.isArmed || current.row.querySelector('[data-state="open"]')) return end();
      lift(event.currentTarget, current);
    }
    show(current, event.clientY - current.startY);
  }

  function lift(container: HTMLElement, current: Drag) {
    container.setPointerCapture(current.pointerId);
    current.rows = [...container.querySelectorAll<HTMLElement>(`[${PIN_ROW}]`)];
    current.boxes = current.rows.map((row) => ({ top: row.offsetTop, height: row.offsetHeight }));
    current.from = current.rows.indexOf(current.row);
    current.row.dataset.dragged = "";
  }

  function end() {
    if (drag.current) putBack(drag.current);
    drag.current = null;
  }

  function onPointerUp() {
    const current = drag.current;
    if (!current?.boxes) return end();
    droppedAt.current = performance.now();
    const chatId = current.row.getAttribute(PIN_ROW);
    if (!chatId || current.place === current.from) return end();
    drag.current = null;
    dropped.current = current;
    current.timer = setTimeout(settle, SETTLE_MS);
    onDrop(chatId, current.place);
  }

  function settle() {
    if (dropped.current) putBack(dropped.current);
    dropped.current = null;
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the new order is what it waits for
  useLayoutEffect(() => {
    if (dropped.current) putBack(dropped.current);
    dropped.current = null;
  }, [order]);

  function onClickCapture(event: MouseEvent) {
    if (performance.now() - droppedAt.current > SWALLOW_MS) return;
    event.preventDefault();
    event.stopPropagation();
  }

  useEffect(() => {
    // React listens passively; a drag must keep the page from scrolling under the finger.
    const target = section.current;
    const onTouchMove = (event: TouchEvent) => drag.current?.isArmed && event.cancelable && event.preventDefault();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !drag.current) return;
      putBack(drag.current);
      drag.current = null;
    };
    target?.addEventListener("touchmove", onTouchMove, { passive: false });
    window.addEventListener("keydown", onKeyDown);
    return () => {
      target?.removeEventListener("touchmove", onTouchMove);
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);

  return {
    ref: section,
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: end,
    onClickCapture,
    onDragStart: (event: MouseEvent) => event.preventDefault(),
  };
}

function putBack(drag: Drag): void {
  clearTimeout(drag.timer);
  delete drag.row.dataset.dragged;
  for (const row of drag.rows) row.style.transform = "";
}

/** The dragged row follows the pointer, those it passed make room. */
function show(drag: Drag, offsetPx: number): void {
  const boxes = drag.boxes ?? [];
  const height = boxes[drag.from]?.height ?? 0;
  drag.place = placeOfDrag(boxes, drag.from, offsetPx);
  for (const [index, row] of drag.rows.entries()) {
    const isPassedDown = index > drag.from && index <= drag.place;
    const isPassedUp = index < drag.from && index >= drag.place;
    const shiftPx = index === drag.from ? offsetPx : isPassedDown ? -height : isPassedUp ? height : 0;
    row.style.transform = shiftPx === 0 ? "" : `translateY(${shiftPx}px)`;
  }
}
